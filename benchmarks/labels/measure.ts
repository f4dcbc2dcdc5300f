import { measureCalls } from './call-scenarios.js';
import { measureAwaits, measureContexts } from './context-cost.js';
import { measureDisabled, measureOff } from './off-cost.js';

// Runs one measurement in a separate process: a process can configure labels only once.
const [, , name, rounds] = process.argv;
const count = Number(rounds);
const others: Readonly<Record<string, (rounds: number) => Promise<object>>> = {
  contexts: measureContexts,
  awaits: measureAwaits,
  disabled: measureDisabled,
  off: measureOff,
};
const costs = await (others[name!]?.(count) ?? measureCalls(name as never, count));
process.send?.(costs, () => process.exit());

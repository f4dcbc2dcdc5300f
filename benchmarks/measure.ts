import { measureAllocations, measureCallCosts } from './call-cost.js';

// One measurement in a process of its own, so that it can run on another Node and with options of V8's.
const [, , what, rounds] = process.argv;
const result = what === 'allocations' ? await measureAllocations() : await measureCallCosts(Number(rounds));
process.send?.(result, () => process.exit());

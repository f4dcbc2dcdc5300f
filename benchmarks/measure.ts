import { measureAllocations, measureCallCosts } from './call-cost.js';

// Runs one measurement in a separate process, so that it can use another version of Node and options of V8.
const [, , what, rounds] = process.argv;
const result = what === 'allocations' ? await measureAllocations() : await measureCallCosts(Number(rounds));
process.send?.(result, () => process.exit());

import { measureAllocations, measureCallCosts } from './call-cost.js';
import { measureObservations } from './formats/observation-cost.js';
import { measureMetricCosts } from './metric-cost.js';

// Runs one measurement in a separate process, so that it can use another version of Node and options of V8.
const [, , what, rounds] = process.argv;
const measurements: Readonly<Record<string, () => Promise<unknown>>> = {
  allocations: measureAllocations,
  metrics: () => measureMetricCosts(Number(rounds)),
  observations: measureObservations,
  calls: () => measureCallCosts(Number(rounds)),
};
const result = await measurements[what!]!();
process.send?.(result as object, () => process.exit());

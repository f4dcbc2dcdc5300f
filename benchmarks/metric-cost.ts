import { performance } from 'node:perf_hooks';
import { type Summary, summarize } from './statistics.js';
import {
  type MetricOperation,
  type MetricSubject,
  metricOperations,
  metricSubjects,
} from './subjects/custom-metrics.js';

/** Nanoseconds per operation on a metric, by operation and library. */
export type MetricCosts = Readonly<Record<MetricOperation, Readonly<Record<string, Summary>>>>;

const WARM_UP_OPERATIONS = 200_000;
const TURN_NANOSECONDS = 500_000;

/** Measures what one operation on a metric of the application costs. The libraries take turns in each round. */
export async function measureMetricCosts(rounds: number): Promise<MetricCosts> {
  const subjects = await metricSubjects();
  const costs = metricOperations.map((operation) => [operation, costsOf(operation, subjects, rounds)] as const);
  return Object.fromEntries(costs) as MetricCosts;
}

function costsOf(
  operation: MetricOperation,
  subjects: readonly MetricSubject[],
  rounds: number,
): Readonly<Record<string, Summary>> {
  const counts = subjects.map((subject) => {
    timeOf(subject, operation, WARM_UP_OPERATIONS);
    return Math.ceil(TURN_NANOSECONDS / timeOf(subject, operation, WARM_UP_OPERATIONS));
  });
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + round) % subjects.length;
      times[index]!.push(timeOf(subjects[index]!, operation, counts[index]!));
    }
  }
  return Object.fromEntries(subjects.map(({ library }, index) => [library, summarize(times[index]!)]));
}

/** Returns the nanoseconds per operation. */
function timeOf({ operations }: MetricSubject, operation: MetricOperation, count: number): number {
  const started = performance.now();
  operations[operation](count);
  return ((performance.now() - started) * 1e6) / count;
}

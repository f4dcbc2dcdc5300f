import { catalog } from 'tinyllm/catalog';
import { leafJobOf } from '../settings/settings.js';
import { share, sumBy } from './promql.js';
import { type ObjectiveWindow, recorded, recordedName } from './recorded.js';

/** Selects the jobs of the dashboard variable. */
const selectedJobs = '{job=~"$job"}';
const perModel = ['job', 'model', 'graph'];

function sumOf(name: string, by: readonly string[] = []): string {
  return sumBy(by, `${name}${selectedJobs}`);
}

/** The queries of the Fleet dashboard. They use only recorded series and `up`, and add them up over leaves. */
export const fleetQueries = {
  requestRate: sumOf(recorded.requests('5m'), ['job']),
  requestRateByLeaf: sumOf(recorded.requests('5m'), ['leaf']),
  errorShare: (window: ObjectiveWindow) => share(sumOf(recorded.errors(window)), sumOf(recorded.requests(window))),
  lateShare: (window: ObjectiveWindow) =>
    `1 - ${sumOf(recorded.answeredInTime(window))} / (${sumOf(recorded.answered(window))} > 0)`,
  latencyQuantile: (quantile: number) =>
    `histogram_quantile(${quantile}, ${sumOf(recorded.latencyBuckets, ['le'])}) >= 0`,
  inputTokenRate: sumOf(recordedName(perModel, catalog.inputTokens, 'rate5m')),
  outputTokenRate: sumOf(recordedName(perModel, catalog.outputTokens, 'rate5m')),
  breakerState: `max by (model) (${recorded.breakerState}${selectedJobs})`,
  queueSize: sumOf(recorded.queueSize, ['job']),
  queueCapacity: sumOf(recorded.queueCapacity, ['job']),
  instancesUp: `sum (up${selectedJobs})`,
  leavesUp: `sum (up{job=~"${leafJobOf('$job')}"})`,
  requestsCounted: sumOf(recordedName(perModel, catalog.requests, 'sum'), ['model']),
  tokensCounted: sumOf(recordedName(perModel, catalog.outputTokens, 'sum'), ['model']),
  costCounted: sumOf(recordedName(perModel, catalog.cost, 'sum'), ['model']),
} as const;

/** The query for the values of the job variable. */
export const fleetJobQuery = `label_values(${recorded.requests('5m')}, job)`;

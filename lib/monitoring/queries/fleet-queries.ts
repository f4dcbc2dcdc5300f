import { catalog } from 'tinyllm/catalog';
import { leafJobOf } from '../settings/settings.js';
import { share, sumBy } from './promql.js';
import { type ObjectiveWindow, recorded, recordedName } from './recorded.js';

/** The jobs that a dashboard's variable chooses. */
const chosen = '{job=~"$job"}';
const perModel = ['job', 'model', 'graph'];

function of(name: string, by: readonly string[] = []): string {
  return sumBy(by, `${name}${chosen}`);
}

/** The expressions of the dashboard for a global server: of recorded series and `up` alone, added up over leaves. */
export const fleetQueries = {
  requestRate: of(recorded.requests('5m'), ['job']),
  requestRateByLeaf: of(recorded.requests('5m'), ['leaf']),
  errorShare: (window: ObjectiveWindow) => share(of(recorded.errors(window)), of(recorded.requests(window))),
  lateShare: (window: ObjectiveWindow) =>
    `1 - ${of(recorded.answeredInTime(window))} / (${of(recorded.answered(window))} > 0)`,
  latencyQuantile: (quantile: number) => `histogram_quantile(${quantile}, ${of(recorded.latencyBuckets, ['le'])}) >= 0`,
  inputTokenRate: of(recordedName(perModel, catalog.inputTokens, 'rate5m')),
  outputTokenRate: of(recordedName(perModel, catalog.outputTokens, 'rate5m')),
  breakerState: `max by (model) (${recorded.breakerState}${chosen})`,
  queueSize: of(recorded.queueSize, ['job']),
  queueCapacity: of(recorded.queueCapacity, ['job']),
  instancesUp: `sum (up${chosen})`,
  leavesUp: `sum (up{job=~"${leafJobOf('$job')}"})`,
  requestsCounted: of(recordedName(perModel, catalog.requests, 'sum'), ['model']),
  tokensCounted: of(recordedName(perModel, catalog.outputTokens, 'sum'), ['model']),
  costCounted: of(recordedName(perModel, catalog.cost, 'sum'), ['model']),
} as const;

/** Which jobs the dashboard's variable offers. */
export const fleetJobQuery = `label_values(${recorded.requests('5m')}, job)`;

import { catalog } from 'tinyllm/catalog';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import { leafJobOf } from '../settings/settings.js';
import { labelMatcher } from './additional-labels.js';
import { histogramLabels, quantileIn } from './histograms.js';
import { share, sumBy } from './promql.js';
import { type ObjectiveWindow, recordedSeries } from './recorded.js';

/** Selects the jobs of the dashboard variable. */
const selectedJobs = 'job=~"$job"';

/** Returns the queries of the Fleet dashboard. They use only recorded series and `up`, and add them up over leaves. */
export function fleetQueries(additionalLabels: readonly string[], histograms: HistogramVariant = 'classic') {
  const recorded = recordedSeries(additionalLabels);
  const requestMatchers = [selectedJobs, ...additionalLabels.map(labelMatcher)].join(', ');
  /** The sum of a recorded series of requests. These series have the additional labels. */
  const requestSum = (name: string, by: readonly string[] = []) => sumBy(by, `${name}{${requestMatchers}}`);
  const sumPerJob = (name: string) => sumBy(['job'], `${name}{${selectedJobs}}`);
  return {
    requestRate: requestSum(recorded.requests('5m'), ['job']),
    requestRateByLeaf: requestSum(recorded.requests('5m'), ['leaf']),
    errorShare: (window: ObjectiveWindow) =>
      share(requestSum(recorded.errors(window)), requestSum(recorded.requests(window))),
    lateShare: (window: ObjectiveWindow) =>
      `1 - ${requestSum(recorded.answeredInTime(window))} / (${requestSum(recorded.answered(window))} > 0)`,
    latencyQuantile: (quantile: number) =>
      quantileIn(requestSum(recorded.latencyBuckets, histogramLabels([], histograms)), quantile),
    inputTokenRate: requestSum(recorded.tokenRate(catalog.inputTokens)),
    outputTokenRate: requestSum(recorded.tokenRate(catalog.outputTokens)),
    breakerState: `max by (model) (${recorded.breakerState}{${selectedJobs}})`,
    queueSize: sumPerJob(recorded.queueSize),
    queueCapacity: sumPerJob(recorded.queueCapacity),
    instancesUp: `sum (up{${selectedJobs}})`,
    leavesUp: `sum (up{job=~"${leafJobOf('$job')}"})`,
    requestsCounted: requestSum(recorded.total(catalog.requests), ['model']),
    tokensCounted: requestSum(recorded.total(catalog.outputTokens), ['model']),
    costCounted: requestSum(recorded.total(catalog.cost), ['model']),
  } as const;
}

/** Returns the queries for the values of the Fleet dashboard's variables. */
export function fleetVariableQueries(additionalLabels: readonly string[]) {
  const requests = recordedSeries(additionalLabels).requests('5m');
  return {
    job: `label_values(${requests}, job)`,
    label: (label: string) => `label_values(${requests}{${selectedJobs}}, ${label})`,
  } as const;
}

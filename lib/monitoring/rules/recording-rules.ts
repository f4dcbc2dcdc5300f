import { catalog } from 'tinyllm/catalog';
import { labelsOf, type QueriedMetric } from '../queries/additional-labels.js';
import { bucketRates, observationRate, observationRateUpTo } from '../queries/histograms.js';
import { rateOf, type Scope, select, sumBy } from '../queries/promql.js';
import { objectiveWindows, recordedName, recordedSeries } from '../queries/recorded.js';
import { histogramVariant } from '../settings/histogram-variant.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { RecordingRule, RuleFile } from './rule.js';

/**
 * The recording rules, for the Prometheus that scrapes the instances.
 *
 * Every recorded series is a sum or a maximum over instances. So a federating Prometheus can combine the series of
 * several servers. It calculates shares and quantiles itself, because these can't be added up. The series of requests,
 * nodes, graphs and tools keep the additional labels, so that dashboards can filter by them.
 */
export function recordingRules(settings: MonitoringSettings): RuleFile<RecordingRule> {
  const { job, labels = [] } = settings;
  const scope: Scope = { matchers: { job: `="${job}"` }, window: '5m', histograms: histogramVariant(settings) };
  return {
    groups: [
      { name: 'tinyllm-rates', rules: [...rates(scope, labels), ...distributions(scope, labels)] },
      { name: 'tinyllm-states', rules: [...states(scope, labels), ...totals(scope, labels)] },
      { name: 'tinyllm-objectives', rules: objectives(scope, settings) },
    ],
  };
}

function rates(scope: Scope, labels: readonly string[]): readonly RecordingRule[] {
  const counters: readonly QueriedMetric[] = [
    ...[catalog.requests, catalog.errors, catalog.requestsFinished, catalog.inputTokens, catalog.outputTokens],
    ...[catalog.cost, catalog.nodeExecutions, catalog.nodeErrors, catalog.toolCalls, catalog.toolErrors],
    ...[catalog.graphExecutions, catalog.graphErrors],
    ...[catalog.circuitBreakerRejected, catalog.queueRequests, catalog.queueRejected],
  ];
  const caches = [catalog.cacheHits, catalog.cacheMisses];
  return [
    ...counters.map((metric) => recordRate(metric, scope, labels)),
    ...caches.map((metric) => recordRate(metric, { ...scope, window: '30m' }, labels)),
  ];
}

function recordRate(metric: QueriedMetric, scope: Scope, labels: readonly string[]): RecordingRule {
  const level = ['job', ...labelsOf(metric, labels)];
  return { record: recordedName(level, metric, `rate${scope.window}`), expr: rateOf(metric, scope, level) };
}

/**
 * The rates of histograms. The names are the same for both kinds of histograms, so the name of a native histogram
 * contains `le` and `_bucket`, too. Queries of classic series such as `histogram_quantile(0.9, sum by (le) (…))`
 * also work with native histograms.
 */
function distributions(scope: Scope, labels: readonly string[]): readonly RecordingRule[] {
  const histograms: readonly QueriedMetric[] = [
    ...[catalog.requestLatency, catalog.timeToFirstToken, catalog.nodeDuration, catalog.toolDuration],
  ];
  return histograms.map((metric) => {
    const level = ['job', ...labelsOf(metric, labels)];
    return {
      record: recordedName([...level, 'le'], `${metric.name}_bucket`, `rate${scope.window}`),
      expr: bucketRates(metric, scope, level),
    };
  });
}

function states(scope: Scope, labels: readonly string[]): readonly RecordingRule[] {
  const recorded = recordedSeries(labels);
  const perModel = ['job', 'model', ...labels];
  const sum = (record: string, metric: QueriedMetric, level: readonly string[]) => ({
    record,
    expr: sumBy(level, select(metric, scope)),
  });
  return [
    sum(recordedName(perModel, catalog.activeRequests, 'sum'), catalog.activeRequests, perModel),
    { record: recorded.breakerState, expr: `max by (job, model) (${select(catalog.circuitBreakerState, scope)})` },
    { record: recorded.upstreamDown, expr: `max by (job, upstream) (1 - ${select(catalog.proxyUpstreamUp, scope)})` },
    sum(recorded.queueSize, catalog.queueSize, ['job']),
    sum(recorded.queueCapacity, catalog.queueCapacity, ['job']),
    sum(recorded.overflow, catalog.metricsOverflow, ['job', 'metric']),
  ];
}

/**
 * The totals of requests, errors, tokens and cost since the start of the instances that run.
 *
 * Such a total decreases when an instance stops, so don't use it in rates.
 */
function totals(scope: Scope, labels: readonly string[]): readonly RecordingRule[] {
  const recorded = recordedSeries(labels);
  const counters: readonly QueriedMetric[] = [
    ...[catalog.requests, catalog.errors, catalog.inputTokens, catalog.outputTokens, catalog.cost],
  ];
  const level = ['job', 'model', 'graph', ...labels];
  return counters.map((metric) => ({
    record: recorded.total(metric),
    expr: sumBy(level, select(metric, scope)),
  }));
}

function objectives(scope: Scope, { latency, labels = [] }: MonitoringSettings): readonly RecordingRule[] {
  const recorded = recordedSeries(labels);
  const level = ['job', ...labels];
  return objectiveWindows.flatMap((window) => [
    { record: recorded.requests(window), expr: rateOf(catalog.requests, { ...scope, window }, level) },
    { record: recorded.errors(window), expr: rateOf(catalog.errors, { ...scope, window }, level) },
    {
      record: recorded.answered(window),
      expr: observationRate(catalog.requestLatency, { ...scope, window }, level),
    },
    {
      record: recorded.answeredInTime(window),
      expr: observationRateUpTo(catalog.requestLatency, { ...scope, window }, { atMost: latency.seconds, by: level }),
    },
  ]);
}

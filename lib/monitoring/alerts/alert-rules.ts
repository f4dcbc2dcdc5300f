import { histogramLabels, quantileIn } from '../queries/histograms.js';
import { sumBy } from '../queries/promql.js';
import { shownQuantiles } from '../queries/queries.js';
import { recordedName, recordedSeries } from '../queries/recorded.js';
import type { AlertRule, RecordingRule, RuleFile } from '../rules/rule.js';
import { histogramVariant } from '../settings/histogram-variant.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';
import { alertPlans } from './alert-plans.js';

/**
 * The alert rules, and the recording rules for quantiles. Quantiles can't be added up, so these rules compute them from
 * the summed buckets.
 *
 * All these rules run on the Prometheus that runs `recordingRules`, or on a global Prometheus that federates several
 * such servers. They read only recorded series and `up`, and combine the series of several servers.
 */
export function alertRules(settings: MonitoringSettings): RuleFile<RecordingRule | AlertRule> {
  return {
    groups: [
      { name: 'tinyllm-quantiles', rules: shownQuantiles.map((quantile) => latencyQuantile(quantile, settings)) },
      { name: 'tinyllm-alerts', rules: alertPlans(settings).map((plan) => alertRule(plan, settings)) },
    ],
  };
}

/** The annotations of an alert. They contain templates such as `{{ $labels.job }}`. */
export function annotationsOf(plan: AlertPlan, { runbookUrl }: MonitoringSettings): Readonly<Record<string, string>> {
  return {
    summary: plan.summary,
    description: plan.meaning,
    runbook_url: `${runbookUrl}#${plan.name.toLowerCase()}`,
  };
}

function alertRule(plan: AlertPlan, settings: MonitoringSettings): AlertRule {
  return {
    alert: plan.name,
    expr: plan.expression,
    for: plan.for,
    labels: { severity: plan.severity },
    annotations: annotationsOf(plan, settings),
  };
}

function latencyQuantile(quantile: number, settings: MonitoringSettings): RecordingRule {
  const { latencyBuckets } = recordedSeries(settings.labels ?? []);
  const by = histogramLabels(['job', 'model'], histogramVariant(settings));
  const [, metric = ''] = latencyBuckets.split(':');
  return {
    record: recordedName(['job', 'model'], metric.replace(/_bucket$/, ''), `p${quantile * 100}_5m`),
    expr: quantileIn(sumBy(by, latencyBuckets), quantile),
  };
}

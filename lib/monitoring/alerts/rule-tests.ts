import { catalog } from 'tinyllm/catalog';
import { recordingRules } from '../rules/recording-rules.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertCase, AlertPlan } from './alert-plan.js';
import { alertPlans } from './alert-plans.js';
import { alertRules, annotationsOf } from './alert-rules.js';

/** A file for `promtool test rules`. */
export interface RuleTestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  /**
   * Without a fixed order, promtool might evaluate alerts before recording rules. The alerts would then fire a minute
   * later.
   */
  readonly group_eval_order: readonly string[];
  readonly tests: readonly RuleTest[];
}

interface RuleTest {
  readonly interval: string;
  readonly input_series: AlertCase['input'];
  readonly alert_rule_test: readonly AlertTest[];
}

interface AlertTest {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/** Tests when each alert fires and when it doesn't. Without traffic, no alert may fire. */
export function ruleTests(settings: MonitoringSettings, ruleFiles: readonly string[]): RuleTestFile {
  const plans = alertPlans(settings);
  const idle: AlertCase = { input: idleSeries(settings), atMinute: 50, fires: [] };
  // Combine cases with the same input series into one test, because each test takes promtool a long time.
  const byInput = new Map<string, { input: AlertCase['input']; tests: AlertTest[] }>();
  for (const plan of plans) {
    for (const one of [...plan.cases, idle]) {
      const key = JSON.stringify(one.input);
      const { tests } = byInput.get(key) ?? byInput.set(key, { input: one.input, tests: [] }).get(key)!;
      tests.push(alertTest(plan, one, settings));
    }
  }
  return {
    rule_files: ruleFiles,
    evaluation_interval: '1m',
    group_eval_order: [...recordingRules(settings).groups, ...alertRules(settings).groups].map(({ name }) => name),
    tests: [...byInput.values()].map(({ input, tests }) => ({
      interval: '1m',
      input_series: input,
      alert_rule_test: tests,
    })),
  };
}

function alertTest(plan: AlertPlan, { atMinute, fires }: AlertCase, settings: MonitoringSettings): AlertTest {
  return {
    eval_time: `${atMinute}m`,
    alertname: plan.name,
    exp_alerts: fires.map((labels) => ({
      exp_labels: { severity: plan.severity, ...labels },
      exp_annotations: expanded(annotationsOf(plan, settings), labels),
    })),
  };
}

/** Expands the templates of annotations like Prometheus. */
function expanded(annotations: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>) {
  const fill = (text: string) =>
    text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_all, label: string) => labels[label] ?? '');
  return Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, fill(text)]));
}

/** The series of an idle instance: the instance and its upstream are up, and all other series are zero. */
function idleSeries({ job, nativeHistograms }: MonitoringSettings): AlertCase['input'] {
  const zeros = Object.values(catalog).flatMap((metric) => {
    const labels = metric.labels.map((label) => `,${label}="a"`).join('');
    const of = (suffix: string, le = '') => `${metric.name}${suffix}{job="${job}",instance="i"${labels}${le}}`;
    if (metric === catalog.proxyUpstreamUp) return [];
    if (metric.kind !== 'histogram') return [{ series: of(''), values: '0x60' }];
    if (nativeHistograms === true && !('isShared' in metric)) return [{ series: of(''), values: '{{schema:3}}x60' }];
    const buckets = [...(metric.buckets ?? []), '+Inf'].map((bound) => of('_bucket', `,le="${bound}"`));
    return [...buckets, of('_sum'), of('_count')].map((series) => ({ series, values: '0x60' }));
  });
  return [
    { series: `up{job="${job}",instance="i"}`, values: '1x60' },
    { series: `${catalog.proxyUpstreamUp.name}{job="${job}",instance="i",upstream="a"}`, values: '1x60' },
    ...zeros,
  ];
}

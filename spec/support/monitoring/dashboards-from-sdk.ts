import fc from 'fast-check';
import { runbook } from '../../../lib/monitoring/alerts/runbook.js';
import { buildDashboards } from '../../../lib/monitoring/grafana/dashboard-templates.js';
import { filterLabels } from '../../../lib/monitoring/queries/additional-labels.js';
import { findLabelProblem } from '../../../lib/monitoring/settings/label-problem.js';
import { defaultSettings, type MonitoringSettings } from '../../../lib/monitoring/settings/settings.js';

/** The dashboards that Grafana's SDK builds for the settings, by path. The exported dashboards must equal them. */
export function dashboardsFromSdk(settings: MonitoringSettings): Readonly<Record<string, string>> {
  const { datasource, job, labels = [], nativeHistograms = false } = settings;
  const dashboards = buildDashboards({
    datasource,
    job,
    runbook: runbook(settings),
    labels: filterLabels(labels),
    histograms: nativeHistograms ? 'native' : 'classic',
  });
  return Object.fromEntries(
    Object.entries(dashboards).map(([name, dashboard]) => [
      `grafana/dashboards/${name}.json`,
      `${JSON.stringify(dashboard, undefined, 2)}\n`,
    ]),
  );
}

/** Settings that differ from the default in one field. Some texts need escaping in JSON, PromQL or `String.replace`. */
export const settingsCases: Readonly<Record<string, MonitoringSettings>> = {
  default: defaultSettings,
  'another data source': { ...defaultSettings, datasource: 'P1809F7CD0C75ACF3' },
  'a data source with special characters': { ...defaultSettings, datasource: '"A\\B"\n$& $1 é😀 {{model}} $job' },
  'a data source that equals a placeholder': { ...defaultSettings, datasource: '<tinyllm:job>' },
  'another job': { ...defaultSettings, job: 'assistants' },
  'a job with quotes': { ...defaultSettings, job: 'a"b\\c' },
  'another availability objective': { ...defaultSettings, availability: { share: 0.99999 } },
  'another latency objective': { ...defaultSettings, latency: { seconds: 2.5, share: 0.9 } },
  'other targets': { ...defaultSettings, targets: ['one:1', '[::1]:9090'] },
  'one label': { ...defaultSettings, labels: ['tenant'] },
  'labels of which one is only for requests': { ...defaultSettings, labels: ['provider', 'tenant'] },
  'only a label of requests': { ...defaultSettings, labels: ['provider'] },
  'labels with unusual names': { ...defaultSettings, labels: ['_', 'Tier2', 'tier', '_tier', 'constructor'] },
  'native histograms': { ...defaultSettings, nativeHistograms: true },
  'native histograms and labels': { ...defaultSettings, nativeHistograms: true, labels: ['provider', 'tenant'] },
  'another runbook URL': { ...defaultSettings, runbookUrl: 'https://example.org/runbook?a=1&b="2"' },
};

/** Any valid list of labels. */
export const anyLabels: fc.Arbitrary<readonly string[]> = fc
  .uniqueArray(fc.oneof(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/), fc.constant('provider')), { maxLength: 4 })
  .filter((labels) => findLabelProblem(labels) === undefined);

/** Any settings. */
export const anySettings: fc.Arbitrary<MonitoringSettings> = fc.record({
  datasource: fc.string({ unit: 'binary' }),
  job: fc.string({ unit: 'binary' }),
  targets: fc.array(fc.string()),
  nativeHistograms: fc.boolean(),
  availability: fc.record({ share: fc.double({ min: 0.9, max: 0.99999 }) }),
  latency: fc.record({
    seconds: fc.constantFrom(0.5, 1, 2.5, 10, 60),
    share: fc.double({ min: 0.9, max: 0.99999 }),
  }),
  runbookUrl: fc.webUrl(),
  labels: anyLabels,
});

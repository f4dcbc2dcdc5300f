import { MetricsConfigurationError, shownValue } from 'tinyllm/configuration';
import { stringify } from 'yaml';
import { alertRules } from '../alerts/alert-rules.js';
import { ruleTests } from '../alerts/rule-tests.js';
import { runbook } from '../alerts/runbook.js';
import { alertmanagerConfiguration } from '../configurations/alertmanager.js';
import { composeConfiguration } from '../configurations/compose.js';
import { dashboardProvisioning, datasourceProvisioning } from '../configurations/grafana.js';
import {
  agentConfiguration,
  agents,
  globalConfiguration,
  leafConfiguration,
  leaves,
  prometheusConfiguration,
  prometheusNotes,
  receiverConfiguration,
  ruleFileNames,
} from '../configurations/prometheus.js';
import { dashboardValues, fillTemplate } from '../dashboards/dashboard-values.js';
import { dashboardTemplates } from '../grafana/dashboard-templates.js';
import { recordingRules } from '../rules/recording-rules.js';
import { findLabelProblem } from '../settings/label-problem.js';
import { defaultSettings, type MonitoringSettings } from '../settings/settings.js';
import { guide } from './guide.js';

/**
 * Returns the text of each file of the monitoring kit, by its path in the folder. Paths have forward slashes.
 *
 * Missing settings have the values of `defaultSettings`. The function checks only the labels and `nativeHistograms`.
 *
 * @throws {MetricsConfigurationError} if a label is invalid, reserved or repeated, or `nativeHistograms` is not a
 * boolean.
 */
export function monitoringFiles(partial: Partial<MonitoringSettings> = {}): ReadonlyMap<string, string> {
  const settings: MonitoringSettings = { ...defaultSettings, ...partial };
  checkLabels(settings.labels);
  checkSwitch(settings.nativeHistograms);
  const { recording, alerts } = ruleFileNames;
  const values = dashboardValues(settings);
  return new Map<string, string>([
    ['README.md', guide(settings)],
    ['runbook.md', runbook(settings)],
    ['compose.yaml', yaml(composeConfiguration(settings))],
    ['prometheus/prometheus.yml', yaml(prometheusConfiguration(settings), prometheusNotes(settings))],
    [`prometheus/${recording}`, yaml(recordingRules(settings))],
    [`prometheus/${alerts}`, yaml(alertRules(settings))],
    ['prometheus/rules.test.yml', yaml(ruleTests(settings, [recording, alerts]))],
    ['alertmanager/alertmanager.yml', yaml(alertmanagerConfiguration())],
    ['grafana/provisioning/datasources/tinyllm.yml', yaml(datasourceProvisioning(settings))],
    ['grafana/provisioning/dashboards/tinyllm.yml', yaml(dashboardProvisioning())],
    ...Object.entries(dashboardTemplates()).map(
      ([name, template]) => [`grafana/dashboards/${name}.json`, fillTemplate(template, values)] as const,
    ),
    ...leaves.map((leaf) => [`federation/${leaf.host}.yml`, yaml(leafConfiguration(settings, leaf))] as const),
    ['federation/global.yml', yaml(globalConfiguration(settings))],
    ...agents.map((agent) => [`remote-write/${agent.host}.yml`, yaml(agentConfiguration(settings, agent))] as const),
    ['remote-write/global.yml', yaml(receiverConfiguration(settings))],
  ]);
}

function checkLabels(labels: unknown = []): void {
  if (!Array.isArray(labels)) {
    const got = shownValue(labels, true);
    throw new MetricsConfigurationError(
      `labels of monitoringFiles is ${got}; expected an array of label names, such as ["tenant"].`,
    );
  }
  const problem = findLabelProblem(labels);
  if (problem !== undefined) throw new MetricsConfigurationError(`labels of monitoringFiles ${problem}`);
}

function checkSwitch(nativeHistograms: unknown = false): void {
  if (typeof nativeHistograms === 'boolean') return;
  const got = shownValue(nativeHistograms, true);
  throw new MetricsConfigurationError(`nativeHistograms of monitoringFiles is ${got}; expected true or false.`);
}

/** The text of a YAML file that starts with comments. */
function yaml(value: unknown, notes: readonly string[] = []): string {
  const comments = ['Written by `tinyllm monitoring export`.', ...notes].map((line) => `# ${line}`.trimEnd());
  return `${comments.join('\n')}\n${stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

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
  receiverConfiguration,
  ruleFileNames,
} from '../configurations/prometheus.js';
import { buildDashboard } from '../dashboards/build-dashboard.js';
import { business } from '../dashboards/business.js';
import { dev } from '../dashboards/dev.js';
import { fleet } from '../dashboards/fleet.js';
import { ops } from '../dashboards/ops.js';
import { overview } from '../dashboards/overview.js';
import { runbookDashboard } from '../dashboards/runbook-dashboard.js';
import { recordingRules } from '../rules/recording-rules.js';
import type { MonitoringSettings } from '../settings/settings.js';
import { guide } from './guide.js';

/** The dashboards, as they are planned: the overview, by role, and of several instances together. */
export const dashboardPlans = [overview, ops, dev, business, fleet] as const;

/** Every file of the monitoring kit: its path within the folder, with slashes, and its text. */
export function monitoringFiles(settings: MonitoringSettings): ReadonlyMap<string, string> {
  const { recording, alerts } = ruleFileNames;
  return new Map<string, string>([
    ['README.md', guide(settings)],
    ['runbook.md', runbook(settings)],
    ['compose.yaml', yaml(composeConfiguration())],
    ['prometheus/prometheus.yml', yaml(prometheusConfiguration(settings))],
    [`prometheus/${recording}`, yaml(recordingRules(settings))],
    [`prometheus/${alerts}`, yaml(alertRules(settings))],
    ['prometheus/rules.test.yml', yaml(ruleTests(settings, [recording, alerts]))],
    ['alertmanager/alertmanager.yml', yaml(alertmanagerConfiguration())],
    ['grafana/provisioning/datasources/tinyllm.yml', yaml(datasourceProvisioning(settings))],
    ['grafana/provisioning/dashboards/tinyllm.yml', yaml(dashboardProvisioning())],
    ...dashboardPlans.map(
      (plan) => [`grafana/dashboards/${plan.name}.json`, json(buildDashboard(plan, settings))] as const,
    ),
    ['grafana/dashboards/runbook.json', json(runbookDashboard(settings))],
    ...leaves.map((leaf) => [`federation/${leaf.host}.yml`, yaml(leafConfiguration(settings, leaf))] as const),
    ['federation/global.yml', yaml(globalConfiguration(settings))],
    ...agents.map((agent) => [`remote-write/${agent.host}.yml`, yaml(agentConfiguration(settings, agent))] as const),
    ['remote-write/global.yml', yaml(receiverConfiguration(settings))],
  ]);
}

function yaml(value: unknown): string {
  return `# Written by \`tinyllm monitoring export\`.\n${stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

/** What the SDK gives every variable, though Grafana knows it of intervals alone. */
const ofIntervals = new Set(['auto', 'auto_min', 'auto_count']);

function json(value: unknown): string {
  return `${JSON.stringify(value, (key, inner) => (ofIntervals.has(key) ? undefined : inner), 2)}\n`;
}

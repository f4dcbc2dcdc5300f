import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';
import { alertPlans } from './alert-plans.js';

const urgency = {
  critical: 'critical: pages the on-call engineer',
  warning: 'warning: needs attention today',
  info: 'info: no action required',
} as const;

/** Returns the runbook as Markdown: the meaning of each alert, what to check, and what to do. */
export function runbook(settings: MonitoringSettings): string {
  const { availability, latency, job } = settings;
  return `# Runbook

This runbook describes the alerts of the job \`${job}\`. The objectives: ${percent(availability.share)} of the model requests succeed, and
${percent(latency.share)} finish within ${latency.seconds} s.

The checks refer to panels of the Grafana dashboards. For example, *Overview, "Error rate"* is the panel "Error rate" of the dashboard Overview.

${alertPlans(settings).map(section).join('\n')}`;
}

function section({ name, severity, for: time, meaning, lookAt, act }: AlertPlan): string {
  const delay = time === '0m' ? 'immediately' : `after ${time}`;
  return `## ${name}

${meaning}

*${urgency[severity]}; fires ${delay}.*

**Check**

${list(lookAt)}

**Fix**

${list(act)}
`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(7))}%`;
}

import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';
import { alertPlans } from './alert-plans.js';

const urgency = {
  critical: 'critical: somebody gets up',
  warning: 'warning: somebody looks today',
  info: 'info: good to know',
} as const;

/** The runbook, as Markdown: for each alert what it means, what to look at, and what to do. */
export function runbook(settings: MonitoringSettings): string {
  const { availability, latency, job } = settings;
  return `# Runbook

The alerts of TinyLLM, of the job \`${job}\`. The objectives: ${percent(availability.share)} of the requests to models do not
fail, and ${percent(latency.share)} are over within ${latency.seconds} s. Panels are named with their dashboard.

${alertPlans(settings).map(section).join('\n')}`;
}

function section({ name, severity, for: time, meaning, lookAt, act }: AlertPlan): string {
  const held = time === '0m' ? 'at once' : `after ${time}`;
  return `## ${name}

${meaning}

*${urgency[severity]}; fires ${held}.*

**Look at**

${list(lookAt)}

**Do**

${list(act)}
`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(7))}%`;
}

import { opsQueries as queries } from '../queries/queries.js';
import type { PanelPlan } from './panel-plan.js';

/** What the proxy tells of itself and its upstreams. */
export const proxyPanels: readonly PanelPlan[] = [
  {
    title: 'Upstreams of the proxy',
    description:
      'Whether each upstream responds: 1, or 0 after a connection or several requests in a row failed, until it responds again.',
    kind: 'lines',
    unit: 'short',
    whenEmpty: 'no proxy',
    queries: [{ expression: queries.upstreamsUp, legend: '{{upstream}}' }],
  },
  {
    title: 'Requests at upstreams',
    description: 'Requests that each upstream has been sent and has not answered to the end.',
    kind: 'lines',
    unit: 'short',
    whenEmpty: 'no proxy',
    queries: [{ expression: queries.upstreamActive, legend: '{{upstream}}' }],
  },
  {
    title: 'Failures of upstreams',
    description: 'Requests that an upstream failed, those the proxy sent again, and those it answered itself.',
    kind: 'lines',
    unit: 'ops',
    whenEmpty: 'no proxy',
    queries: [
      { expression: queries.upstreamFailures, legend: '{{upstream}}: {{reason}}' },
      { expression: queries.proxyRetries, legend: 'sent again after {{upstream}}: {{reason}}' },
      { expression: queries.proxyRefused, legend: 'answered by the proxy: {{reason}}' },
    ],
  },
  {
    title: 'Not looked into',
    description: 'Bodies that the proxy passed on without looking into all of them, and why.',
    kind: 'lines',
    unit: 'ops',
    whenEmpty: 'none',
    queries: [{ expression: queries.proxyUninspected, legend: '{{body}}: {{reason}}' }],
  },
];

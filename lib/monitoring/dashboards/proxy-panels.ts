import { filterLabels } from '../queries/additional-labels.js';
import { opsQueries } from '../queries/queries.js';
import type { PanelPlan } from './panel-plan.js';

/** The metrics of the proxy have no additional labels. */
const queries = opsQueries(filterLabels([]));

/** The panels of the proxy and its upstreams. */
export const proxyPanels: readonly PanelPlan[] = [
  {
    title: 'Proxy upstreams up',
    description:
      'Whether each upstream is up: 1 or 0. After a failed connection, the upstream is down until it accepts a connection. After several consecutive failures, the upstream is down until a request succeeds. If the proxy sends no requests for 30 seconds, a successful probe is sufficient.',
    kind: 'lines',
    unit: 'short',
    whenEmpty: 'no proxy',
    queries: [{ expression: queries.upstreamsUp, legend: '{{upstream}}' }],
  },
  {
    title: 'Proxy requests in flight',
    description: 'Requests to each upstream without a complete response yet.',
    kind: 'lines',
    unit: 'short',
    whenEmpty: 'no proxy',
    queries: [{ expression: queries.upstreamActive, legend: '{{upstream}}' }],
  },
  {
    title: 'Proxy failures',
    description: 'Requests per second that failed at an upstream, were retried, or were rejected by the proxy.',
    kind: 'lines',
    unit: 'ops',
    whenEmpty: 'no proxy',
    queries: [
      { expression: queries.upstreamFailures, legend: '{{upstream}}: {{reason}}' },
      { expression: queries.proxyRetries, legend: 'retry after {{upstream}}: {{reason}}' },
      { expression: queries.proxyRefused, legend: 'rejected: {{reason}}' },
    ],
  },
  {
    title: 'Uninspected bodies',
    description: 'Bodies per second that the proxy forwarded without complete inspection, by reason.',
    kind: 'lines',
    unit: 'ops',
    whenEmpty: 'none',
    queries: [{ expression: queries.proxyUninspected, legend: '{{body}}: {{reason}}' }],
  },
];

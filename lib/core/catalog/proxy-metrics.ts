import { counter, gauge, highest } from './declare.js';

/** Metrics of the proxy and its upstreams. */
export const proxyMetrics = {
  proxyUpstreamUp: highest(
    'tinyllm_proxy_upstream_up',
    ['upstream'],
    'State of the upstream: 1 if it responds, 0 after a failed connection or several consecutive failures, until it responds again.',
  ),
  proxyUpstreamActive: gauge(
    'tinyllm_proxy_upstream_active_requests',
    ['upstream'],
    'Requests to the upstream that have no complete response yet.',
  ),
  proxyUpstreamFailures: counter(
    'tinyllm_proxy_upstream_failures_total',
    ['upstream', 'reason'],
    'Failed requests to an upstream, by reason: unreachable, timeout, broken or unavailable.',
  ),
  proxyRetries: counter(
    'tinyllm_proxy_retries_total',
    ['upstream', 'reason'],
    'Requests that the proxy retried, by failed upstream and reason.',
  ),
  proxyRefused: counter(
    'tinyllm_proxy_refused_total',
    ['reason'],
    'Requests rejected by the proxy, by reason: malformed, target, host, key, rate, queue or upstream.',
  ),
  proxyUninspected: counter(
    'tinyllm_proxy_uninspected_total',
    ['body', 'reason'],
    'Bodies that the proxy passed on without inspecting them completely, by body (request or answer) and reason: too_large, encoding, unreadable or memory.',
  ),
} as const;

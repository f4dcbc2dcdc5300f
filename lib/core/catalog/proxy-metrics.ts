import { counter, gauge, maxGauge } from './declare.js';

/** Metrics of the proxy and its upstreams. */
export const proxyMetrics = {
  proxyUpstreamUp: maxGauge(
    'tinyllm_proxy_upstream_up',
    ['upstream'],
    'Whether the upstream is available: 1 or 0. It becomes 0 after a failed connection or several consecutive failures, and 1 with the next response.',
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
    'Requests rejected by the proxy, by reason: malformed (invalid HTTP), target (invalid URL), host (Host header), key (API key), rate (rate limit), queue (queue limit) or upstream (none available).',
  ),
  proxyUninspected: counter(
    'tinyllm_proxy_uninspected_total',
    ['body', 'reason'],
    'Bodies that the proxy forwarded but could not inspect completely, by body (request or answer) and reason: too_large (size limit of a body, line or event), encoding (unsupported Content-Encoding), unreadable (invalid content) or memory (memory limit of all bodies together).',
  ),
} as const;

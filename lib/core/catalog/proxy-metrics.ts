import { counter, gauge, highest } from './declare.js';

/** What the proxy tells of itself and its upstreams. */
export const proxyMetrics = {
  proxyUpstreamUp: highest(
    'tinyllm_proxy_upstream_up',
    ['upstream'],
    'Whether the upstream responds: 1, or 0 after a connection or several requests in a row failed, until it responds again.',
  ),
  proxyUpstreamActive: gauge(
    'tinyllm_proxy_upstream_active_requests',
    ['upstream'],
    'Requests the upstream has been sent and has not answered to the end.',
  ),
  proxyUpstreamFailures: counter(
    'tinyllm_proxy_upstream_failures_total',
    ['upstream', 'reason'],
    'Requests an upstream failed, by reason: unreachable, timeout, broken or unavailable.',
  ),
  proxyRetries: counter(
    'tinyllm_proxy_retries_total',
    ['upstream', 'reason'],
    'Requests the proxy sent again, by the upstream that had failed and why.',
  ),
  proxyRefused: counter(
    'tinyllm_proxy_refused_total',
    ['reason'],
    'Requests the proxy answered itself, by reason: malformed, target, host, key, rate, queue or upstream.',
  ),
  proxyUninspected: counter(
    'tinyllm_proxy_uninspected_total',
    ['body', 'reason'],
    'Bodies the proxy passed on without looking into all of them, request or answer: too_large, encoding, unreadable or memory.',
  ),
} as const;

import { catalog } from 'tinyllm/catalog';
import { share } from '../queries/promql.js';
import { recordedSeries } from '../queries/recorded.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';

/** These series have no additional labels. */
const recorded = recordedSeries([]);

/** The alerts for circuit breakers, upstreams of the proxy, the queue and caches. */
export function stateAlerts(settings: MonitoringSettings): readonly AlertPlan[] {
  return [
    breakerOpen(settings),
    proxyUpstreamDown(settings),
    queueBacklog(settings),
    queueRejections(settings),
    cacheHitRateLow(settings),
  ];
}

function breakerOpen({ job }: MonitoringSettings): AlertPlan {
  const series = `${catalog.circuitBreakerState.name}{job="${job}",model="m"}`;
  return {
    name: 'TinyLLMCircuitBreakerOpen',
    severity: 'critical',
    // No delay, because an open breaker has already seen several failures. A breaker that was open in the last two
    // minutes counts as open, so a half-open state in between does not end the alert.
    for: '0m',
    expression: `max by (job, model) (max_over_time(${recorded.breakerState}[2m])) == 2`,
    summary: '{{ $labels.job }}: the circuit breaker of model {{ $labels.model }} is open.',
    meaning:
      'The model failed so often that it gets no more requests. New requests fail immediately or go to a fallback. The alert ends two minutes after the breaker was last open.',
    lookAt: [
      'Operations, "Breaker transitions" and "Breaker failures and rejections": since when is it open, and how many requests are rejected?',
      'Development, "Request errors": which error type opened it? The log of the provider contains the cause.',
      'Operations, "Retries and fallbacks": does a fallback model answer?',
    ],
    act: [
      'Repair or restart the provider. The breaker regularly sends a trial request and closes after a success.',
      'Until then, configure a fallback, or send the traffic to another model.',
      'If the provider works, check the timeout. Requests that time out are counted as failures.',
    ],
    cases: [
      { input: [{ series, values: '0 0 2x10' }], atMinute: 3, fires: [{ job, model: 'm' }] },
      { input: [{ series, values: '0 0 2 1 2 1 2 1' }], atMinute: 5, fires: [{ job, model: 'm' }] },
      { input: [{ series, values: '2 2 0x10' }], atMinute: 8, fires: [] },
      { input: [{ series, values: '1x10' }], atMinute: 5, fires: [] },
    ],
  };
}

function proxyUpstreamDown({ job }: MonitoringSettings): AlertPlan {
  const series = (instance: string) =>
    `${catalog.proxyUpstreamUp.name}{job="${job}",instance="${instance}",upstream="127.0.0.1:11434"}`;
  const fires = [{ job, upstream: '127.0.0.1:11434' }];
  return {
    name: 'TinyLLMProxyUpstreamDown',
    severity: 'critical',
    for: '2m',
    expression: `max by (job, upstream) (${recorded.upstreamDown}) == 1`,
    summary: '{{ $labels.job }}: the upstream {{ $labels.upstream }} of the proxy is down.',
    meaning:
      'A connection of the proxy to this model server failed, or several consecutive requests failed. The server has not recovered since. If the server is the only upstream, all requests fail with 502, 503 or 504. If there are other upstreams, they get the requests.',
    lookAt: [
      'Operations, "Proxy upstreams up": since when is the upstream down, and are the other upstreams up?',
      'Operations, "Proxy failures": `unreachable` and `timeout` are failed connections, `broken` and `unavailable` are failed requests.',
      'The log of the model server, and `tinyllm doctor --endpoint` with the metrics URL of the proxy.',
    ],
    act: [
      'Start the model server; the proxy detects it within seconds. Or correct `--upstream`, and restart the proxy.',
      'If the server runs, check the network between the proxy and the server: name, port, firewall and certificate.',
      'If the server was removed on purpose, restart the proxy without it.',
    ],
    cases: [
      { input: [{ series: series('i'), values: '1 1 0x10' }], atMinute: 6, fires },
      {
        input: [
          { series: series('i'), values: '0x10' },
          { series: series('j'), values: '1x10' },
        ],
        atMinute: 6,
        fires,
      },
      { input: [{ series: series('i'), values: '1 0 1 0 1x10' }], atMinute: 8, fires: [] },
      { input: [{ series: series('i'), values: '1x10' }], atMinute: 8, fires: [] },
    ],
  };
}

function queueBacklog({ job }: MonitoringSettings): AlertPlan {
  const size = `${catalog.queueSize.name}{job="${job}",priority="normal"}`;
  const capacity = { series: `${catalog.queueCapacity.name}{job="${job}"}`, values: '100x30' };
  return {
    name: 'TinyLLMQueueBacklog',
    severity: 'warning',
    for: '5m',
    expression: `sum by (job) (${recorded.queueSize}) / sum by (job) (${recorded.queueCapacity}) > 0.8`,
    summary: '{{ $labels.job }}: the queue is more than 80% full.',
    meaning: 'Requests arrive faster than they are processed. When the queue is full, new requests are rejected.',
    lookAt: [
      'Operations, "Queue" and "Queue wait (p95)": does the queue grow, or is a short peak ending?',
      'Operations, "Queue": are all workers active? If not, check "Rate limiter wait (p95)".',
      'Overview, "Latency percentiles": slow answers fill a queue just like additional requests.',
    ],
    act: [
      'Add workers or instances. Use a faster model for urgent requests.',
      'Limit the requests, or ask clients to retry later. A larger queue only makes the wait longer.',
    ],
    cases: [
      { input: [{ series: size, values: '95x30' }, capacity], atMinute: 8, fires: [{ job }] },
      { input: [{ series: size, values: '50x30' }, capacity], atMinute: 8, fires: [] },
      { input: [{ series: size, values: '0 0 95 95 0x20' }, capacity], atMinute: 8, fires: [] },
    ],
  };
}

function queueRejections({ job }: MonitoringSettings): AlertPlan {
  const series = `${catalog.queueRejected.name}{job="${job}"}`;
  return {
    name: 'TinyLLMQueueRejections',
    severity: 'critical',
    for: '2m',
    expression: `sum by (job) (${recorded.queueRejected}) > 0`,
    summary: '{{ $labels.job }}: the queue is full, and requests are rejected.',
    meaning: 'The queue was full in the last minutes, and rejected requests. Their callers got an error.',
    lookAt: [
      'Operations, "Queued and rejected requests": what share is rejected, and since when?',
      'The other queue panels, as for TinyLLMQueueBacklog.',
    ],
    act: ['As for TinyLLMQueueBacklog.', 'If one client sends most of the requests, limit only this client.'],
    cases: [
      { input: [{ series, values: '0+3x30' }], atMinute: 8, fires: [{ job }] },
      { input: [{ series, values: '7x30' }], atMinute: 8, fires: [] },
    ],
  };
}

function cacheHitRateLow({ job }: MonitoringSettings): AlertPlan {
  const by = 'sum by (job, cache_type)';
  const hits = `${by} (${recorded.cacheHits})`;
  const misses = `${by} (${recorded.cacheMisses})`;
  const lookUps = `(${misses} + (${hits} or ${misses} * 0))`;
  const input = (hitsAdded: number, missesAdded: number) => [
    { series: `${catalog.cacheHits.name}{job="${job}",cache_type="memory"}`, values: `0+${hitsAdded}x30` },
    { series: `${catalog.cacheMisses.name}{job="${job}",cache_type="memory"}`, values: `0+${missesAdded}x30` },
  ];
  const fires = [{ job, cache_type: 'memory' }];
  return {
    name: 'TinyLLMCacheHitRateLow',
    severity: 'info',
    for: '15m',
    expression: `${share(hits, lookUps)} < 0.2 and ${lookUps} * 1800 >= 100`,
    summary: '{{ $labels.job }}: the hit rate of the {{ $labels.cache_type }} cache is below 20%.',
    meaning: 'There were at least 100 lookups in 30 minutes, and fewer than 20% of them were hits.',
    lookAt: [
      'Overview, "Cache hit rate": since when is it low? After a restart, a cache is empty.',
      'Operations, "Store errors": a cache that is not available has no hits.',
    ],
    act: [
      'Remove changing values such as times and ids from prompts, because only identical requests hit the cache.',
      'If answers are removed too early, increase the size or the TTL of the cache.',
      'If the cache is not useful for your workload, disable it and this alert.',
    ],
    cases: [
      { input: input(1, 20), atMinute: 26, fires },
      { input: input(1, 20).slice(1), atMinute: 26, fires },
      { input: input(20, 20), atMinute: 26, fires: [] },
      { input: input(0, 1), atMinute: 26, fires: [] },
    ],
  };
}

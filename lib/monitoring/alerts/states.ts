import { catalog } from 'tinyllm/catalog';
import { share } from '../queries/promql.js';
import { recorded } from '../queries/recorded.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';

/** The alerts about breakers, upstreams of the proxy, queue and caches. */
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
    // An open breaker has seen several failures already, and tries again every so often: half-open is not yet well.
    for: '0m',
    expression: `max by (job, model) (max_over_time(${recorded.breakerState}[2m])) == 2`,
    summary: '{{ $labels.job }}: the circuit breaker of model {{ $labels.model }} is open.',
    meaning:
      'The model failed so often that it is not asked any more. Requests to it end at once, or go to a fallback. The alert stays for two minutes after the breaker was last open.',
    lookAt: [
      'Operations, "Breaker transitions" and "Failures and rejections": since when, and how many requests are turned away.',
      'Development, "Request errors": the error type that opened it. The provider\'s own log has the cause.',
      'Operations, "Retries and fallbacks": whether somebody else answers.',
    ],
    act: [
      'Bring the provider back; the breaker tries one request every so often and closes by itself.',
      'Until then, give the model a fallback, or send the traffic to another one.',
      'If the provider is well, look at the time limit: what takes too long counts as a failure.',
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
    summary: '{{ $labels.job }}: the upstream {{ $labels.upstream }} does not respond to the proxy.',
    meaning:
      'A connection of the proxy to this model server failed, or several requests in a row did, and it has not responded since. If it is the only upstream, all requests get 502. If there are others, they get its requests.',
    lookAt: [
      'Operations, "Upstreams of the proxy": since when, and whether the other upstreams respond.',
      'Operations, "Failures of upstreams": `unreachable` and `timeout` are failed connections, `broken` and `unavailable` are failed requests.',
      'The log of the model server, and `tinyllm doctor --endpoint` with the metrics URL of the proxy.',
    ],
    act: [
      'Start the model server, or correct `--upstream`. The proxy notices within seconds.',
      'If the server runs, look at the network between both: name, port, firewall and certificate.',
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
    summary: '{{ $labels.job }}: the queue is more than four fifths full.',
    meaning: 'Requests come faster than they are worked on. When the queue is full, they are turned away.',
    lookAt: [
      'Operations, "Queue" and "Time in the queue": growing, or a peak that goes down?',
      'Operations, "Queue": whether all workers are busy. If not, they wait for something: see the rate limiter.',
      'Overview, "Latency percentiles": slower answers fill a queue as well as more requests do.',
    ],
    act: [
      'More workers or instances; a faster model for what can wait least.',
      'Let less in, or ask callers to come later: a longer queue only makes the wait longer.',
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
    summary: '{{ $labels.job }}: the queue is full, and requests are turned away.',
    meaning: 'The queue had no room for requests in the last minutes; their callers got an error.',
    lookAt: [
      'Operations, "Queue intake": what share is turned away, and since when.',
      'The other queue panels, as for TinyLLMQueueBacklog.',
    ],
    act: ['As for TinyLLMQueueBacklog.', 'One caller that sends too much: limit it rather than everybody.'],
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
    summary: '{{ $labels.job }}: the {{ $labels.cache_type }} cache answers less than a fifth of the look-ups.',
    meaning: 'Of at least a hundred look-ups in half an hour the cache answered less than one in five.',
    lookAt: [
      'Overview, "Cache hit rate": since when? After a start a cache is empty.',
      'Operations, "Store errors": a cache that cannot be reached answers nothing.',
    ],
    act: [
      'Questions that differ each time cannot be cached: take what changes (times, ids) out of the prompt.',
      'If answers are dropped too soon, give the cache more room or time.',
      'If it never helps, do without it, and silence this alert.',
    ],
    cases: [
      { input: input(1, 20), atMinute: 26, fires },
      { input: input(1, 20).slice(1), atMinute: 26, fires },
      { input: input(20, 20), atMinute: 26, fires: [] },
      { input: input(0, 1), atMinute: 26, fires: [] },
    ],
  };
}

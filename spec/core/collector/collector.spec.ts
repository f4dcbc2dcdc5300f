import { expect } from 'chai';
import type { CircuitBreakerState } from '../../../lib/core/collector/breaker-states.js';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { InvalidValueError, MetricClashError } from '../../../lib/core/errors/errors.js';

import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';

type Labels = Readonly<Record<string, string>>;
type Effect = readonly [sample: string, labels: Labels, value: number];

describe('MetricsCollector', () => {
  let registry: SharedRegistry;
  let metrics: MetricsCollector;

  beforeEach(() => {
    registry = new SharedRegistry();
    metrics = new MetricsCollector(registry);
  });

  const value = async (sample: string, labels: Labels = {}) =>
    sampleValue(await registryText(registry), `tinyllm_${sample}`, labels);

  const request = { model: 'm', graph: 'g' };
  const fallback = { model: 'unknown', graph: 'default' };

  /** The effect of each method, first with labels and then with the defaults. */
  const methods: readonly (readonly [string, (metrics: MetricsCollector) => void, readonly Effect[]])[] = [
    [
      'incrementRequestCount',
      (it) => it.incrementRequestCount({ ...request, requestType: 'chat' }),
      [['requests_total', { ...request, request_type: 'chat' }, 1]],
    ],
    [
      'incrementRequestCount without labels',
      (it) => it.incrementRequestCount(),
      [['requests_total', { ...fallback, request_type: 'generate' }, 1]],
    ],
    [
      'recordTokens',
      (it) => it.recordTokens({ ...request, inputTokens: 100, outputTokens: 50 }),
      [
        ['tokens_input_total', request, 100],
        ['tokens_output_total', request, 50],
        ['request_input_tokens_bucket', { ...request, le: '64' }, 0],
        ['request_input_tokens_bucket', { ...request, le: '256' }, 1],
        ['request_output_tokens_sum', request, 50],
        ['request_output_tokens_count', request, 1],
      ],
    ],
    [
      'recordTokens without graph and model',
      (it) => it.recordTokens({ inputTokens: 0, outputTokens: 2 }),
      [
        ['tokens_input_total', fallback, 0],
        ['request_input_tokens_count', fallback, 1],
        ['tokens_output_total', fallback, 2],
      ],
    ],
    [
      'incrementErrorCount',
      (it) => it.incrementErrorCount({ ...request, errorType: 'timeout' }),
      [['errors_total', { ...request, error_type: 'timeout' }, 1]],
    ],
    [
      'incrementErrorCount without graph and model',
      (it) => it.incrementErrorCount({ errorType: 'timeout' }),
      [['errors_total', { ...fallback, error_type: 'timeout' }, 1]],
    ],
    [
      'incrementNodeErrorCount',
      (it) => it.incrementNodeErrorCount({ node: 'n', graph: 'g', errorType: 'TypeError' }),
      [['node_errors_total', { node: 'n', graph: 'g', error_type: 'TypeError' }, 1]],
    ],
    [
      'incrementNodeErrorCount without node and graph',
      (it) => it.incrementNodeErrorCount({ errorType: 'TypeError' }),
      [['node_errors_total', { node: 'unknown', graph: 'default', error_type: 'TypeError' }, 1]],
    ],
    [
      'incrementToolErrorCount',
      (it) => it.incrementToolErrorCount({ tool: 't', graph: 'g', errorType: 'TypeError' }),
      [['tool_errors_total', { tool: 't', graph: 'g', error_type: 'TypeError' }, 1]],
    ],
    [
      'incrementToolErrorCount without tool and graph',
      (it) => it.incrementToolErrorCount({ errorType: 'TypeError' }),
      [['tool_errors_total', { tool: 'unknown', graph: 'default', error_type: 'TypeError' }, 1]],
    ],
    [
      'updateCircuitBreakerState',
      (it) => it.updateCircuitBreakerState({ state: 'open', model: 'm' }),
      [
        ['circuit_breaker_state', { model: 'm' }, 2],
        ['circuit_breaker_transitions_total', { model: 'm', from: 'closed', to: 'open' }, 1],
      ],
    ],
    [
      'updateCircuitBreakerState without a model',
      (it) => it.updateCircuitBreakerState({ state: 'half-open' }),
      [['circuit_breaker_state', { model: 'unknown' }, 1]],
    ],
    [
      'incrementCircuitBreakerFailures',
      (it) => it.incrementCircuitBreakerFailures({ model: 'm' }),
      [['circuit_breaker_failures_total', { model: 'm' }, 1]],
    ],
    [
      'incrementCircuitBreakerFailures without labels',
      (it) => it.incrementCircuitBreakerFailures(),
      [['circuit_breaker_failures_total', { model: 'unknown' }, 1]],
    ],
    [
      'incrementCircuitBreakerRejected',
      (it) => {
        it.incrementCircuitBreakerRejected({ model: 'm' });
        it.incrementCircuitBreakerRejected();
      },
      [
        ['circuit_breaker_rejected_total', { model: 'm' }, 1],
        ['circuit_breaker_rejected_total', { model: 'unknown' }, 1],
      ],
    ],
    [
      'incrementRetries',
      (it) => it.incrementRetries({ model: 'm', reason: 'timeout' }),
      [['retries_total', { model: 'm', reason: 'timeout' }, 1]],
    ],
    [
      'incrementFallbacks',
      (it) => it.incrementFallbacks({ requestedModel: 'm', fallbackModel: 'n', reason: 'unavailable' }),
      [['fallbacks_total', { requested_model: 'm', fallback_model: 'n', reason: 'unavailable' }, 1]],
    ],
    [
      'recordCost',
      (it) => {
        it.recordCost({ ...request, costUsd: 0.25 });
        it.recordCost({ costUsd: 0.5 });
      },
      [
        ['cost_usd_total', request, 0.25],
        ['cost_usd_total', fallback, 0.5],
      ],
    ],
    [
      'incrementUnpricedRequests',
      (it) => {
        it.incrementUnpricedRequests({ model: 'm' });
        it.incrementUnpricedRequests();
      },
      [
        ['unpriced_requests_total', { model: 'm' }, 1],
        ['unpriced_requests_total', { model: 'unknown' }, 1],
      ],
    ],
    [
      'incrementCacheHit',
      (it) => it.incrementCacheHit({ cacheType: 'redis' }),
      [['cache_hits_total', { cache_type: 'redis' }, 1]],
    ],
    [
      'incrementCacheMiss',
      (it) => it.incrementCacheMiss({ cacheType: 'redis' }),
      [['cache_misses_total', { cache_type: 'redis' }, 1]],
    ],
    [
      'incrementCacheHit and incrementCacheMiss without labels',
      (it) => {
        it.incrementCacheHit();
        it.incrementCacheMiss();
      },
      [
        ['cache_hits_total', { cache_type: 'memory' }, 1],
        ['cache_misses_total', { cache_type: 'memory' }, 1],
      ],
    ],
    [
      'recordRateLimitWait',
      (it) => it.recordRateLimitWait({ waitSeconds: 0.25, model: 'm' }),
      [
        ['rate_limit_wait_seconds_sum', { model: 'm' }, 0.25],
        ['rate_limit_wait_seconds_bucket', { model: 'm', le: '0.1' }, 0],
        ['rate_limit_wait_seconds_bucket', { model: 'm', le: '0.5' }, 1],
      ],
    ],
    [
      'recordRateLimitWait without a model',
      (it) => it.recordRateLimitWait({ waitSeconds: 0 }),
      [['rate_limit_wait_seconds_bucket', { model: 'unknown', le: '0.001' }, 1]],
    ],
    [
      'incrementMemoryOperation',
      (it) => it.incrementMemoryOperation({ operationType: 'append' }),
      [['memory_operations_total', { operation_type: 'append' }, 1]],
    ],
    [
      'updateQueueSize',
      (it) => it.updateQueueSize({ size: 4, priority: 'high' }),
      [['queue_size', { priority: 'high' }, 4]],
    ],
    [
      'updateQueueSize without a priority',
      (it) => it.updateQueueSize({ size: 4 }),
      [['queue_size', { priority: 'normal' }, 4]],
    ],
    [
      'recordQueueWaitTime',
      (it) => it.recordQueueWaitTime({ waitSeconds: 200, priority: 'high' }),
      [
        ['queue_wait_time_seconds_bucket', { priority: 'high', le: '120' }, 0],
        ['queue_wait_time_seconds_bucket', { priority: 'high', le: '300' }, 1],
      ],
    ],
    [
      'recordQueueWaitTime without a priority',
      (it) => it.recordQueueWaitTime({ waitSeconds: 1 }),
      [['queue_wait_time_seconds_count', { priority: 'normal' }, 1]],
    ],
    [
      'incrementQueueRequest',
      (it) => it.incrementQueueRequest({ priority: 'high' }),
      [['queue_requests_total', { priority: 'high' }, 1]],
    ],
    [
      'incrementQueueRequest without labels',
      (it) => it.incrementQueueRequest(),
      [['queue_requests_total', { priority: 'normal' }, 1]],
    ],
    ['incrementQueueRejected', (it) => it.incrementQueueRejected(), [['queue_requests_rejected_total', {}, 1]]],
    ['updateActiveWorkers', (it) => it.updateActiveWorkers({ count: 3 }), [['queue_active_workers', {}, 3]]],
    [
      'updateModelResidency',
      (it) => it.updateModelResidency({ model: 'm', loaded: true, memoryBytes: 9, vramBytes: 8 }),
      [
        ['model_loaded', { model: 'm' }, 1],
        ['model_memory_bytes', { model: 'm' }, 9],
        ['model_vram_bytes', { model: 'm' }, 8],
      ],
    ],
    [
      'updateModelResidency of an unloaded model',
      (it) => it.updateModelResidency({ model: 'm', loaded: false }),
      [
        ['model_loaded', { model: 'm' }, 0],
        ['model_memory_bytes', { model: 'm' }, 0],
        ['model_vram_bytes', { model: 'm' }, 0],
      ],
    ],
  ];
  for (const [title, call, effects] of methods) {
    it(title, async () => {
      call(metrics);
      for (const [sample, labels, expected] of effects) {
        expect(await value(sample, labels), sample).to.equal(expected);
      }
    });
  }

  it('recordTokens does not count unknown numbers', async () => {
    metrics.recordTokens({ ...request, outputTokens: 5 });
    metrics.recordTokens(request);
    expect(await value('tokens_input_total', request)).to.equal(undefined);
    expect(await value('request_output_tokens_count', request)).to.equal(1);
  });

  describe('updateCircuitBreakerState', () => {
    const states: readonly CircuitBreakerState[] = ['closed', 'open', 'open', 'half-open', 'closed', 'open'];
    const transition = (from: string, to: string, model = 'm') =>
      value('circuit_breaker_transitions_total', { model, from, to });

    it('counts each change of state once', async () => {
      for (const state of states) metrics.updateCircuitBreakerState({ state, model: 'm' });
      expect(await transition('closed', 'open')).to.equal(2);
      expect(await transition('open', 'half-open')).to.equal(1);
      expect(await transition('half-open', 'closed')).to.equal(1);
      expect(await transition('open', 'open')).to.equal(undefined);
    });

    it('counts each change of state even if the gauge is excluded', async () => {
      metrics.meter.configure({ exclude: ['tinyllm_circuit_breaker_state'] });
      for (const state of states) metrics.updateCircuitBreakerState({ state, model: 'm' });
      expect(await transition('closed', 'open')).to.equal(2);
      expect(await transition('open', 'half-open')).to.equal(1);
    });

    it('tracks the state of each model, even if several models share the overflow series', async () => {
      metrics.meter.configure({ maxSeriesPerMetric: 1 });
      for (const model of ['a', 'b', 'c']) metrics.updateCircuitBreakerState({ state: 'open', model });
      expect(await transition('closed', 'open', 'a')).to.equal(1);
      const overflow = { model: 'other', from: 'other', to: 'other' };
      expect(await value('circuit_breaker_transitions_total', overflow)).to.equal(2);
    });
  });

  describe('rejects, without any effect,', () => {
    const invalid: readonly (readonly [string, (metrics: MetricsCollector) => void, RegExp])[] = [
      ...[Number.NaN, -1, Number.POSITIVE_INFINITY, '5' as never].flatMap((number) => [
        [
          `${String(number)} input tokens`,
          (it: MetricsCollector) => it.recordTokens({ inputTokens: number, outputTokens: 5, model: 'new' }),
          /^tinyllm_tokens_input_total got .+; expected a number from 0 to 9007199254740991\.$/,
        ] as const,
        [
          `${String(number)} output tokens`,
          (it: MetricsCollector) => it.recordTokens({ inputTokens: 5, outputTokens: number, model: 'new' }),
          /^tinyllm_tokens_output_total got /,
        ] as const,
        [
          `a rate limit wait of ${String(number)}`,
          (it: MetricsCollector) => it.recordRateLimitWait({ waitSeconds: number, model: 'new' }),
          /^tinyllm_rate_limit_wait_seconds got /,
        ] as const,
        [
          `a cost of ${String(number)}`,
          (it: MetricsCollector) => it.recordCost({ costUsd: number, model: 'new' }),
          /^tinyllm_cost_usd_total got /,
        ] as const,
        [
          `a queue wait of ${String(number)}`,
          (it: MetricsCollector) => it.recordQueueWaitTime({ waitSeconds: number, priority: 'new' }),
          /^tinyllm_queue_wait_time_seconds got /,
        ] as const,
        [
          `a queue size of ${String(number)}`,
          (it: MetricsCollector) => it.updateQueueSize({ size: number, priority: 'new' }),
          /^tinyllm_queue_size got /,
        ] as const,
        [
          `${String(number)} active workers`,
          (it: MetricsCollector) => it.updateActiveWorkers({ count: number }),
          /^tinyllm_queue_active_workers got /,
        ] as const,
        [
          `a memory of ${String(number)} bytes`,
          (it: MetricsCollector) => it.updateModelResidency({ model: 'new', loaded: true, memoryBytes: number }),
          /^tinyllm_model_memory_bytes got /,
        ] as const,
        [
          `a video memory of ${String(number)} bytes`,
          (it: MetricsCollector) => it.updateModelResidency({ model: 'new', loaded: true, vramBytes: number }),
          /^tinyllm_model_vram_bytes got /,
        ] as const,
      ]),
      [
        'a missing rate limit wait',
        (it) => it.recordRateLimitWait({ model: 'new' } as never),
        /^tinyllm_rate_limit_wait_seconds got undefined; /,
      ],
      ['a missing queue size', (it) => it.updateQueueSize({ priority: 'new' } as never), /^tinyllm_queue_size got /],
      ...['ajar', 'toString', '', undefined, null, 2].map(
        (state) =>
          [
            `a breaker state ${String(state)}`,
            (it: MetricsCollector) => it.updateCircuitBreakerState({ state: state as never, model: 'new' }),
            /^tinyllm_circuit_breaker_state got .+; expected closed, half-open or open\.$/,
          ] as const,
      ),
    ];
    for (const [title, call, message] of invalid) {
      it(title, async () => {
        metrics.recordTokens({ inputTokens: 1, outputTokens: 1 });
        metrics.updateActiveWorkers({ count: 2 });
        const before = await registryText(registry);
        expect(() => call(metrics)).to.throw(InvalidValueError, message);
        expect(await registryText(registry)).to.equal(before);
      });
    }
  });

  describe('track…', () => {
    const node = { node: 'n', graph: 'g' };
    const tool = { tool: 't', graph: 'g' };
    const tracks = [
      {
        ...{ name: 'trackRequestLatency', labels: request, active: 'active_requests' },
        ...{ calls: undefined, duration: 'request_latency_seconds', defaults: fallback },
        begin: (it: MetricsCollector) => it.trackRequestLatency(request),
        bare: (it: MetricsCollector) => it.trackRequestLatency(),
        work: <R>(it: MetricsCollector, work: () => R) => it.trackRequestLatency(request, work),
      },
      {
        ...{ name: 'trackNodeExecution', labels: node, active: 'active_nodes' },
        ...{ calls: 'node_executions_total', duration: 'node_execution_duration_seconds' },
        defaults: { node: 'unknown', graph: 'default' },
        begin: (it: MetricsCollector) => it.trackNodeExecution(node),
        bare: (it: MetricsCollector) => it.trackNodeExecution({}),
        work: <R>(it: MetricsCollector, work: () => R) => it.trackNodeExecution(node, work),
      },
      {
        ...{ name: 'trackGraphExecution', labels: { graph: 'g' }, active: 'active_graphs' },
        ...{ calls: 'graph_executions_total', duration: 'graph_execution_duration_seconds' },
        defaults: { graph: 'default' },
        begin: (it: MetricsCollector) => it.trackGraphExecution({ graph: 'g' }),
        bare: (it: MetricsCollector) => it.trackGraphExecution(),
        work: <R>(it: MetricsCollector, work: () => R) => it.trackGraphExecution({ graph: 'g' }, work),
      },
      {
        ...{ name: 'trackToolCall', labels: tool, active: 'active_tools' },
        ...{ calls: 'tool_calls_total', duration: 'tool_call_duration_seconds' },
        defaults: { tool: 'unknown', graph: 'default' },
        begin: (it: MetricsCollector) => it.trackToolCall(tool),
        bare: (it: MetricsCollector) => it.trackToolCall({}),
        work: <R>(it: MetricsCollector, work: () => R) => it.trackToolCall(tool, work),
      },
      {
        ...{ name: 'trackModelLoad', labels: { model: 'm' }, active: undefined },
        ...{ calls: undefined, duration: 'model_load_duration_seconds', defaults: { model: 'unknown' } },
        begin: (it: MetricsCollector) => it.trackModelLoad({ model: 'm' }),
        bare: (it: MetricsCollector) => it.trackModelLoad(),
        work: <R>(it: MetricsCollector, work: () => R) => it.trackModelLoad({ model: 'm' }, work),
      },
    ];
    for (const { name, labels, active, calls, duration, defaults, begin, bare, work } of tracks) {
      describe(name, () => {
        async function expectState(running: number, ended: number): Promise<void> {
          if (active !== undefined) expect(await value(active, labels), 'active').to.equal(running);
          if (calls !== undefined) expect(await value(calls, labels), 'calls').to.equal(running + ended);
          expect(await value(`${duration}_count`, labels), 'timed').to.equal(ended);
          expect(await value(`${duration}_sum`, labels), 'seconds').to.be.within(0, 60);
        }

        it('measures a function and returns its result', async () => {
          const result = {};
          let meanwhile: Promise<string> | undefined;
          const returned = work(metrics, () => {
            meanwhile = registry.metrics();
            return result;
          });
          expect(returned).to.equal(result);
          await expectState(0, 1);
          const running = active === undefined ? undefined : 1;
          expect(sampleValue((await meanwhile) ?? '', `tinyllm_${active}`, labels)).to.equal(running);
        });

        it('measures an async function to its end', async () => {
          const result = {};
          const returned = work(metrics, async () => {
            await expectState(1, 0);
            return result;
          });
          expect(await returned).to.equal(result);
          await expectState(0, 1);
        });

        it('measures functions that throw or reject, and passes on the error', async () => {
          const error = new Error('no');
          expect(() =>
            work(metrics, () => {
              throw error;
            }),
          ).to.throw(error);
          await expectState(0, 1);
          const rejecting = work(metrics, () => Promise.reject(error));
          expect(await rejecting.catch((reason: unknown) => reason)).to.equal(error);
          await expectState(0, 2);
        });

        it('returns a timer that can be ended manually, once', async () => {
          const timer = begin(metrics);
          await expectState(1, 0);
          expect(timer.end()).to.be.within(0, 60);
          timer.end();
          timer[Symbol.dispose]();
          await expectState(0, 1);
        });

        it('returns a timer that a using block ends', async () => {
          {
            using _timer = begin(metrics);
            await expectState(1, 0);
          }
          await expectState(0, 1);
        });

        it('has default labels', async () => {
          bare(metrics).end();
          expect(await value(`${duration}_count`, defaults)).to.equal(1);
        });
      });
    }
  });

  describe('past the limit', () => {
    it('keeps totals correct and counts lookups past the limit, however many metrics overflow', async () => {
      metrics.meter.configure({ maxSeriesPerMetric: 1 });
      for (const name of ['a', 'b', 'c']) {
        metrics.incrementRequestCount({ model: name });
        metrics.incrementMemoryOperation({ operationType: name });
        metrics.trackNodeExecution({ node: name }).end();
      }
      const other = { model: 'other', graph: 'other', request_type: 'other' };
      expect(await value('requests_total', other)).to.equal(2);
      expect(await value('memory_operations_total', { operation_type: 'other' })).to.equal(2);
      expect(await value('active_nodes', { node: 'other', graph: 'other' })).to.equal(0);
      expect(await value('metrics_overflow_total', { metric: 'tinyllm_requests_total' })).to.equal(2);
      // Requests, memory operations, and the three metrics of nodes: 2 each, of which all but the first share a series.
      expect(await value('metrics_overflow_total', { metric: 'other' })).to.equal(8);
    });
  });

  it('rejects a registry that already has a collector', () => {
    expect(() => new MetricsCollector(registry)).to.throw(MetricClashError);
  });
});

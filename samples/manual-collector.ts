// Records calls by hand, without decorators. The collector's methods record the same metrics as the decorators.
import { getMetricsCollector, registry } from 'tinyllm';

const metrics = getMetricsCollector();
const model = 'qwen2.5:0.5b';
const graph = 'multi_domain';

async function callModel(): Promise<string> {
  return 'four';
}

// Count a request and its tokens.
metrics.incrementRequestCount({ model, graph, requestType: 'generate' });
metrics.recordTokens({ inputTokens: 100, outputTokens: 50, model, graph });

// Time a callback. Its result is returned.
const answer = await metrics.trackRequestLatency({ model, graph }, callModel);
console.log(answer);

// Or time a block until it ends, normally or with an error.
{
  using _node = metrics.trackNodeExecution({ node: 'router', graph });
  await callModel();
}
await metrics.trackGraphExecution({ graph }, callModel);
await metrics.trackToolCall({ tool: 'search', graph }, callModel);
await metrics.trackModelLoad({ model }, callModel);

// Count an error by its type.
try {
  throw new RangeError('the prompt is too long');
} catch (error) {
  const errorType = error instanceof Error ? error.name : typeof error;
  metrics.incrementErrorCount({ errorType, model, graph });
}

// Circuit breaker, cache, rate limiter, memory and queue.
metrics.updateCircuitBreakerState({ state: 'open', model });
metrics.incrementCircuitBreakerFailures({ model });
metrics.incrementCacheHit({ cacheType: 'response' });
metrics.incrementCacheMiss({ cacheType: 'response' });
metrics.recordRateLimitWait({ waitSeconds: 0.25, model });
metrics.incrementMemoryOperation({ operationType: 'read' });
metrics.updateQueueSize({ size: 3, priority: 'high' });
metrics.recordQueueWaitTime({ waitSeconds: 0.1, priority: 'high' });
metrics.incrementQueueRequest({ priority: 'high' });
metrics.incrementQueueRejected();
metrics.updateActiveWorkers({ count: 2 });

const text = await registry.metrics();
console.log(
  text
    .split('\n')
    .filter((line) => /^tinyllm_\w+(_total|_state|_size|_count)(\{| [1-9])/.test(line))
    .join('\n'),
);

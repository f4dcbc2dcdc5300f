// Record by hand what no decorator can see. The methods are the collector's; the metrics are the same.
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

// Time a callback; what it returns comes back.
const answer = await metrics.trackRequestLatency({ model, graph }, callModel);
console.log(answer);

// Or time until the end of a block, whichever way it ends.
{
  using _node = metrics.trackNodeExecution({ node: 'router', graph });
  await callModel();
}
await metrics.trackGraphExecution({ graph }, callModel);
await metrics.trackModelLoad({ model }, callModel);

// Count an error under its type.
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

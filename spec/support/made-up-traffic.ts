import { MetricsCollector } from '../../lib/collector.js';
import { SharedRegistry } from '../../lib/metrics/shared-registry.js';

const graph = 'multi_domain';
const models = [
  { model: 'qwen2.5:0.5b', perSecond: 5, seconds: 0.4 },
  { model: 'gemma3:1b', perSecond: 2.5, seconds: 0.9 },
  { model: 'llama3.2:3b', perSecond: 1, seconds: 1.8 },
];
const nodes = [
  { node: 'router', share: 1, seconds: 0.004 },
  { node: 'calculator', share: 0.3, seconds: 0.03 },
  { node: 'general', share: 0.6, seconds: 0.9 },
  { node: 'summary', share: 0.2, seconds: 2.1 },
];

/** An executor's metrics of traffic that never was, the same at every run; for the picture of the page alone. */
export class MadeUpTraffic {
  readonly #registry = new SharedRegistry();
  readonly #metrics = new MetricsCollector(this.#registry);
  #seed = 1;
  #second = 0;

  /** Lets some seconds pass and returns the metrics as text. */
  async after(seconds: number): Promise<string> {
    this.#second += seconds;
    const isTroubled = this.#second % 120 > 70 && this.#second % 120 < 95;
    for (const { model, perSecond, seconds: usual } of models) {
      const isOpen = isTroubled && model === 'gemma3:1b';
      const wave = 1 + 0.5 * Math.sin(this.#second / 20);
      const requests = isOpen ? 0 : Math.round(perSecond * wave * seconds * (0.8 + 0.4 * this.#random()));
      for (let request = 0; request < requests; request++) this.#ask(model, usual);
      this.#metrics.instruments.activeRequests.series(model, graph).set(Math.round(requests * usual * 0.5));
      this.#metrics.updateCircuitBreakerState({ state: isOpen ? 'open' : 'closed', model });
    }
    return this.#registry.metrics();
  }

  #ask(model: string, usual: number): void {
    const { instruments } = this.#metrics;
    this.#metrics.incrementRequestCount({ model, graph, requestType: 'generate' });
    instruments.requestLatency.series(model, graph).observe(usual * this.#spread());
    this.#metrics.recordTokens({
      inputTokens: Math.round(60 * this.#spread()),
      outputTokens: Math.round(140 * this.#spread()),
      model,
      graph,
    });
    if (this.#random() < 0.02) this.#metrics.incrementErrorCount({ errorType: 'timeout', model, graph });
    if (this.#random() < 0.35) this.#metrics.incrementCacheHit({ cacheType: 'response' });
    else this.#metrics.incrementCacheMiss({ cacheType: 'response' });
    for (const { node, share, seconds } of nodes) {
      if (this.#random() > share) continue;
      instruments.nodeExecutions.series(node, graph).inc();
      instruments.nodeDuration.series(node, graph).observe(seconds * this.#spread());
    }
  }

  /** Mostly below 1, seldom far above it. */
  #spread(): number {
    return 0.4 - 0.6 * Math.log(1 - this.#random());
  }

  /** From 0 to 1. Source: Park and Miller's minimal standard generator. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}

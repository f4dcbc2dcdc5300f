import { type Metric, Registry } from 'prom-client';

/** A prom-client registry that also tells what prom-client keeps to itself: default labels, and registered names. */
export class SharedRegistry extends Registry {
  #defaultLabels: Readonly<Record<string, string>> = {};
  readonly #names = new WeakMap<object, string>();

  /** The labels every sample carries besides its own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    return this.#defaultLabels;
  }

  /** The name a metric was registered under: prom-client's OpenMetrics scrape takes the `_total` off its counters. */
  nameOf(metric: { readonly name: string }): string {
    return this.#names.get(metric) ?? metric.name;
  }

  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const { name } = metric as unknown as { readonly name: string };
    super.registerMetric(metric);
    if (!this.#names.has(metric)) this.#names.set(metric, name);
  }

  override setDefaultLabels(labels: Record<string, string>): void {
    super.setDefaultLabels(labels);
    this.#defaultLabels = { ...labels };
  }

  override clear(): void {
    super.clear();
    this.#defaultLabels = {};
  }
}

/** What this process's copies of the package have in common, kept on `globalThis`. */
const SHARED = Symbol.for('tinyllm.registry');

/**
 * The registry every TinyLLM metric is in: a real prom-client `Registry`, the same one however often the package
 * is loaded. prom-client's default global registry is never touched.
 */
export const registry: SharedRegistry = sharedRegistry();

function sharedRegistry(): SharedRegistry {
  const scope = globalThis as { [SHARED]?: SharedRegistry };
  scope[SHARED] ??= new SharedRegistry();
  return scope[SHARED];
}

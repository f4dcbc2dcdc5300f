import type { Metric } from 'prom-client-original';
import { registry as sharedRegistry } from 'tinyllm';
import { Registry } from './registry.js';

/** Shared by all copies of the package in this process, on `globalThis`. */
const COPIED = Symbol.for('tinyllm.prom-client.copied');

/** The metrics of the default registries of all copies. A metric of another copy may be replaced. */
function copiedMetrics(): WeakSet<object> {
  const scope = globalThis as { [COPIED]?: WeakSet<object> };
  scope[COPIED] ??= new WeakSet();
  return scope[COPIED];
}

/**
 * A registry with its own list of metrics. It also registers each of them in TinyLLM's shared registry, which
 * `startMetricsServer` serves.
 */
class DefaultRegistry extends Registry {
  readonly #names = new Set<string>();
  #hasDefaultLabels = false;

  /** @throws {Error} if another metric has the same name, including the names of TinyLLM's metrics. */
  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const { name } = metric as unknown as { readonly name: string };
    const registered: unknown = this.getSingleMetric(name);
    // If the name is taken in this registry, the next statement throws.
    if (registered === undefined || registered === metric) this.#share(name, metric);
    super.registerMetric(metric);
    this.#names.add(name);
  }

  /** Removes a metric from this registry and from the shared one. */
  override removeSingleMetric(name: string): void {
    this.#unshare(name);
    this.#names.delete(name);
    super.removeSingleMetric(name);
  }

  /** Removes all metrics and default labels from this registry, and these metrics and labels from the shared one. */
  override clear(): void {
    for (const name of this.#names) this.#unshare(name);
    this.#names.clear();
    super.clear();
    if (this.#hasDefaultLabels) sharedRegistry.setDefaultLabels({});
    this.#hasDefaultLabels = false;
  }

  /**
   * Sets the labels of every sample of this registry and of the shared one.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  override setDefaultLabels(labels: object): void {
    super.setDefaultLabels(labels);
    sharedRegistry.setDefaultLabels({ ...labels });
    this.#hasDefaultLabels = true;
  }

  #share<Label extends string>(name: string, metric: Metric<Label>): void {
    const copied = copiedMetrics();
    const current: object | undefined = sharedRegistry.getSingleMetric(name);
    // Another copy of this package has its own default registry, for example after `jest.resetModules()`.
    if (current !== undefined && current !== metric && copied.has(current)) sharedRegistry.removeSingleMetric(name);
    sharedRegistry.registerMetric(metric);
    copied.add(metric);
  }

  #unshare(name: string): void {
    const metric = this.getSingleMetric(name);
    if (metric !== undefined && sharedRegistry.getSingleMetric(name) === metric) {
      sharedRegistry.removeSingleMetric(name);
    }
  }
}

/** The default registry. It contains only the metrics that were registered in it. */
export const register: Registry = new DefaultRegistry();

Registry.globalRegistry = register;

/** prom-client has no limit. This one protects the memory of the process. */
const MAX_SERIES = 100_000;

/** Returns a copy of a metric's configuration with the default registry and the default limit of label sets. */
export function withDefaults<Configuration extends object>(configuration: Configuration): Configuration {
  // The constructors of the metrics reject other values.
  if (typeof configuration !== 'object' || configuration === null) return configuration;
  const { registers } = configuration as { readonly registers?: unknown };
  return { maxSeries: MAX_SERIES, ...configuration, registers: registers || [register] };
}

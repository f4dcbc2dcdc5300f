import type { Metric } from 'prom-client-original';
import { registry as sharedRegistry } from 'tinyllm';
import { labelTexts, Registry } from './registry.js';

/** The key on `globalThis` of the default registries of all copies of the package in this thread. */
const DEFAULT_REGISTRIES = Symbol.for('tinyllm.prom-client.default-registries');

const scope = globalThis as { [DEFAULT_REGISTRIES]?: readonly WeakRef<Registry>[] };

/** Returns the default registries of all copies of the package, the latest first. */
function defaultRegistries(): readonly Registry[] {
  return (scope[DEFAULT_REGISTRIES] ?? []).flatMap((one) => one.deref() ?? []);
}

/** Adds a default registry. Weak references allow garbage collection of copies that are no longer in use. */
function addDefaultRegistry(added: Registry): void {
  scope[DEFAULT_REGISTRIES] = [added, ...defaultRegistries()].map((one) => new WeakRef(one));
}

/**
 * A registry with its own list of metrics. It also registers each of them in TinyLLM's shared registry, which
 * `startMetricsServer` serves.
 */
class DefaultRegistry extends Registry {
  readonly #names = new Set<string>();
  /** The default labels that this registry has set in the shared one. */
  #sharedLabels: object | undefined;

  constructor() {
    super();
    addDefaultRegistry(this);
  }

  /** @throws {Error} if another metric has the same name, including the names of TinyLLM's metrics. */
  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const { name } = metric as unknown as { readonly name: string };
    const registered: unknown = this.getSingleMetric(name);
    // If another metric in this registry has the name, `super.registerMetric` throws.
    if (registered === undefined || registered === metric) this.#share(name, metric);
    super.registerMetric(metric);
    this.#names.add(name);
  }

  /** Removes a metric from this registry and from the shared one. */
  override removeSingleMetric(name: string): void {
    const metric = this.getSingleMetric(name);
    this.#names.delete(name);
    super.removeSingleMetric(name);
    this.#unshare(name, metric);
  }

  /** Removes all metrics and default labels from this registry, and these metrics and labels from the shared one. */
  override clear(): void {
    const metrics = [...this.#names].map((name) => [name, this.getSingleMetric(name)] as const);
    this.#names.clear();
    super.clear();
    for (const [name, metric] of metrics) this.#unshare(name, metric);
    // If the shared registry has other labels, another copy of the package or the application has set them.
    if (sharedRegistry.defaultLabels === this.#sharedLabels) sharedRegistry.setDefaultLabels({});
    this.#sharedLabels = undefined;
  }

  /**
   * Sets the labels of every sample of this registry and of the shared one.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  override setDefaultLabels(labels: object): void {
    super.setDefaultLabels(labels);
    sharedRegistry.setDefaultLabels(labelTexts(labels));
    this.#sharedLabels = sharedRegistry.defaultLabels;
  }

  #share<Label extends string>(name: string, metric: Metric<Label>): void {
    const current = sharedRegistry.getSingleMetric(name);
    if (current !== undefined && current !== metric) {
      // Another copy of this package has its own default registry, for example after `jest.resetModules()`.
      const isOfCopy = defaultRegistries().some((one) => one.getSingleMetric(name) === current);
      if (isOfCopy) sharedRegistry.removeSingleMetric(name);
    }
    sharedRegistry.registerMetric(metric);
  }

  /**
   * Removes a metric from the shared registry, after its removal from this registry.
   *
   * If the default registry of another copy contains this metric, the metric stays in the shared registry. If that
   * registry contains another metric with the same name, the shared registry gets the other metric instead.
   */
  #unshare(name: string, metric: Metric<string> | undefined): void {
    if (metric === undefined || sharedRegistry.getSingleMetric(name) !== metric) return;
    const others = defaultRegistries().flatMap((one) => one.getSingleMetric(name) ?? []);
    if (others.includes(metric)) return;
    sharedRegistry.removeSingleMetric(name);
    if (others[0] !== undefined) sharedRegistry.registerMetric(others[0]);
  }
}

/** The default registry. It contains only the metrics that were registered in it. */
export const register: Registry = new DefaultRegistry();

Registry.globalRegistry = register;

/** Returns the registry of new metrics: `register`, unless the application has set `Registry.globalRegistry`. */
export function registryOfNewMetrics(): Registry {
  return Registry.globalRegistry;
}

import type { Descriptor } from '../descriptor.js';
import type { MetricRegistry, RegisteredMetric, SeriesPlace } from './registered-metric.js';
import { PrivateStorage, type SeriesStorage, SharedStorage } from './series-storage.js';

/**
 * Chooses the registry whose memory contains the series of a metric.
 *
 * This is the shared registry if it contains the metric, else the first one that does. The other registries refer to
 * this memory.
 */
export class MetricHome {
  #home: MetricRegistry | undefined;
  #place: SeriesPlace | undefined;
  /** The registries that contain the metric. Some of them exist only for one scrape. */
  readonly #registries = new Set<WeakRef<MetricRegistry>>();

  /** @param moveTo Moves the series to another memory. */
  constructor(
    private readonly metric: RegisteredMetric & { readonly descriptor: Descriptor },
    private readonly moveTo: (storage: SeriesStorage) => void,
  ) {}

  /** Where the series are, or `undefined` if the metric is in no registry. */
  get place(): SeriesPlace | undefined {
    return this.#place;
  }

  /** The metric was added to a registry. */
  add(registry: MetricRegistry): void {
    if (!this.#liveRegistries().includes(registry)) this.#registries.add(new WeakRef(registry));
    if (this.#home === undefined || (registry.isShared && !this.#home.isShared)) this.#move(registry);
  }

  /** The metric was removed from a registry. */
  remove(registry: MetricRegistry): void {
    if (this.#home === registry) this.#move(this.#liveRegistries().find((one) => one !== registry));
  }

  /** Moves the series to new memory with the current declaration of the metric. */
  renew(): void {
    this.#move(this.#home);
  }

  /** Notifies all registries that use the memory of the home. */
  changed(): void {
    this.#home?.metricChanged(this.metric);
    for (const registry of this.#liveRegistries()) if (registry !== this.#home) registry.metricChanged(this.metric);
  }

  #move(home: MetricRegistry | undefined): void {
    this.#home = home;
    if (home === undefined) {
      this.#place = undefined;
      this.moveTo(new PrivateStorage(this.metric.descriptor));
    } else {
      const storage = new SharedStorage(home.memory.forCustomMetrics(), this.metric.descriptor);
      this.#place = storage.place;
      this.moveTo(storage);
    }
    for (const registry of this.#liveRegistries()) registry.metricChanged(this.metric);
  }

  #liveRegistries(): MetricRegistry[] {
    const live: MetricRegistry[] = [];
    for (const reference of this.#registries) {
      const registry = reference.deref();
      if (registry?.contains(this.metric)) live.push(registry);
      else this.#registries.delete(reference);
    }
    return live;
  }
}

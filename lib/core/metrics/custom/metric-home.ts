import type { Descriptor } from '../descriptor.js';
import type { MetricRegistry, RegisteredMetric, SeriesPlace } from './registered-metric.js';
import { PrivateStorage, type SeriesStorage, SharedStorage } from './series-storage.js';

/**
 * Chooses the registry whose memory contains the series of a metric: the shared registry if it contains the metric, else
 * the first one that does. The other registries refer to this memory.
 */
export class MetricHome {
  #home: MetricRegistry | undefined;
  #place: SeriesPlace | undefined;
  /** The registries that refer to the memory of the home. Most of them exist only for one scrape. */
  readonly #followers = new Set<WeakRef<MetricRegistry>>();

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
    if (this.#home === undefined || (registry.isShared && !this.#home.isShared)) this.#move(registry);
  }

  /** The metric was removed from a registry. `others` are registries that may contain it. */
  remove(registry: MetricRegistry, others: readonly unknown[]): void {
    if (this.#home !== registry) return;
    const candidates = [...(others as readonly Partial<MetricRegistry>[]), ...this.#liveFollowers()];
    this.#move(candidates.find((one) => one !== registry && one.contains?.(this.metric)) as MetricRegistry | undefined);
  }

  /** Notifies a registry of changes from now on. */
  follow(registry: MetricRegistry): void {
    if (!this.#liveFollowers().includes(registry)) this.#followers.add(new WeakRef(registry));
  }

  /** Notifies all registries that use the memory of the home. */
  changed(): void {
    this.#home?.metricChanged(this.metric);
    for (const follower of this.#liveFollowers()) if (follower !== this.#home) follower.metricChanged(this.metric);
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
    for (const follower of this.#liveFollowers()) follower.metricChanged(this.metric);
  }

  #liveFollowers(): MetricRegistry[] {
    const live: MetricRegistry[] = [];
    for (const reference of this.#followers) {
      const registry = reference.deref();
      if (registry?.contains(this.metric)) live.push(registry);
      else this.#followers.delete(reference);
    }
    return live;
  }
}

import { MetricsConfigurationError } from '../errors/errors.js';
import type { RegisteredMetric } from './custom/registered-metric.js';
import type { NativeSettings } from './native/native-histogram.js';
import { MAX_RECORD_BYTES } from './segment.js';
import { SegmentChain } from './segment-chain.js';
import { encodeRecord, type StateRecord } from './segment-record.js';

/** A writer of shared memory that contains metrics of a registry, such as a meter. */
export interface SegmentOwner {
  readonly memory: SegmentChain;
  /** Called before the segments are read. */
  beforeRead(): void;
  /** Maximum number of label sets of a metric; default 1,000. */
  readonly maxSeriesPerMetric?: number;
  /** Called each time a label set gets no series of its own. */
  overflowed?(metric: string): void;
  /** The configured settings of a native histogram of the application. */
  nativeSettingsFor?(histogram: string): NativeSettings | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** The labels that a registry adds to every sample. */
export interface RegistryLabels {
  /** Default labels. They replace constant labels with the same names. */
  readonly given?: Labels;
  readonly constant?: Labels;
}

/** Maximum segment size of the memory that a registry creates itself, if no owner was attached: 16 MiB. */
const OWN_SEGMENT_BYTES = 16 * 2 ** 20;
/** Default number of label sets per metric. */
const DEFAULT_MAX_SERIES = 1_000;

/** Called with each memory of a registry, and its position in the list of memories. */
export type MemoryListener = (memory: SegmentChain, position: number) => void;

/**
 * The shared memory of a registry's metrics, and the states of the registry in it.
 *
 * The states are written to the memory of each owner. Readers use those in the first memory. Memory of other registries
 * is added for metrics that are in several registries.
 */
export class RegistryMemory {
  readonly #owners: SegmentOwner[] = [];
  readonly #memories: SegmentChain[] = [];
  readonly #listeners = new Set<MemoryListener>();
  /** The published places of metrics in memory of other registries. */
  readonly #guests = new Map<RegisteredMetric, { readonly memory: number; readonly metric: number }>();
  #givenLabels: Labels = {};
  #constantLabels: Labels = {};
  #labels: Labels = {};
  #needsThread = false;

  /** Labels that every sample has in addition to its own. */
  get labels(): Labels {
    return this.#labels;
  }

  /**
   * Sets the default labels of the registry, the constant labels of the configuration, or both. Returns all labels.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  setLabels({ given = this.#givenLabels, constant = this.#constantLabels }: RegistryLabels): Record<string, string> {
    const labels = { ...constant, ...given };
    const { length } = encodeRecord({ type: 'default-labels', labels });
    if (length > MAX_RECORD_BYTES) {
      throw new MetricsConfigurationError(
        `The default labels take ${length} bytes as JSON; expected at most ${MAX_RECORD_BYTES}. Shorten their values.`,
      );
    }
    this.#givenLabels = given;
    this.#constantLabels = constant;
    this.#labels = labels;
    this.#publish({ type: 'default-labels', labels });
    return labels;
  }

  /** Whether scrapes need the application's thread, for metrics that only this thread can read or update. */
  set needsThread(present: boolean) {
    if (present !== this.#needsThread) this.#publish({ type: 'foreign', present });
    this.#needsThread = present;
  }

  /** Adds the memory of metrics that will be in the registry. */
  attach(owner: SegmentOwner): void {
    this.#owners.push(owner);
    owner.memory.publish({ type: 'foreign', present: this.#needsThread });
    if (Object.keys(this.#labels).length > 0) {
      owner.memory.publish({ type: 'default-labels', labels: this.#labels });
    }
    this.#add(owner.memory);
  }

  /** Calls a listener with each current and future memory. Returns a function that stops this. */
  follow(listener: MemoryListener): () => void {
    this.forCustomMetrics();
    for (const owner of this.#owners) owner.beforeRead();
    this.#memories.forEach(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Updates the reference to a metric whose series may be in the memory of another registry. */
  refer(metric: RegisteredMetric, isInRegistry: boolean): void {
    const own = this.forCustomMetrics();
    const { place } = metric;
    const before = this.#guests.get(metric);
    const isGuest = isInRegistry && place !== undefined && place.memory !== own;
    const known = isGuest ? this.#memories.indexOf(place.memory) : -1;
    if (isGuest && before?.memory === known && before.metric === place.metric) return;
    if (before !== undefined) this.#publish({ type: 'guest', ...before, visible: false });
    this.#guests.delete(metric);
    if (!isGuest) return;
    const guest = { memory: known < 0 ? this.#memories.length : known, metric: place.metric };
    this.#guests.set(metric, guest);
    // Readers must know that the memory belongs to another registry before they read it.
    this.#publish({ type: 'guest', ...guest, visible: true });
    if (known < 0) this.#add(place.memory);
  }

  /** Returns the memory for metrics of the application. */
  forCustomMetrics(): SegmentChain {
    if (this.#owners.length === 0) {
      this.attach({ memory: new SegmentChain({ maxSegmentBytes: OWN_SEGMENT_BYTES }), beforeRead: () => {} });
    }
    return this.#owners[0]!.memory;
  }

  /** Maximum number of label sets of a metric of the application. */
  get maxSeriesPerMetric(): number {
    return this.#limitingOwner?.maxSeriesPerMetric ?? DEFAULT_MAX_SERIES;
  }

  /** The configured settings of a histogram of the application, or `undefined` if it is not native. */
  nativeSettingsFor(histogram: string): NativeSettings | undefined {
    return this.#limitingOwner?.nativeSettingsFor?.(histogram);
  }

  /** Counts a label set of a metric that got no series of its own. */
  countOverflow(metric: string): void {
    this.#limitingOwner?.overflowed?.(metric);
  }

  get #limitingOwner(): SegmentOwner | undefined {
    return this.#owners.find(({ maxSeriesPerMetric }) => maxSeriesPerMetric !== undefined);
  }

  #add(memory: SegmentChain): void {
    const position = this.#memories.push(memory) - 1;
    for (const listener of this.#listeners) listener(memory, position);
  }

  #publish(record: StateRecord): void {
    for (const { memory } of this.#owners) memory.publish(record);
  }
}

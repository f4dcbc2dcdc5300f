import type { DefaultLabels } from '../formats/foreign-metric.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import type { JsonRecord } from '../metrics/segment-record.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { FamilyVariants } from './family-variants.js';
import type { GatheredFamily } from './gathered-family.js';
import { isOwnMemory } from './thread-numbers.js';

/** A metric of a segment: its family, and all families of its name. */
interface DeclaredMetric {
  readonly family: GatheredFamily;
  readonly variants: FamilyVariants;
}

/** A segment, and its metrics by number. */
interface GatheredSegment {
  readonly reader: SegmentReader;
  readonly metrics: Map<number, DeclaredMetric>;
}

/** Callbacks of a gatherer, for tracking changes. */
export interface GathererObserver {
  /** A segment has a new series. `cell` is its first cell. */
  seriesAdded(family: GatheredFamily, segment: SegmentReader, cell: number): void;
  /** A segment has a new cell with the reset time of a family. */
  resetAdded(family: GatheredFamily, segment: SegmentReader, cell: number): void;
  /** A series with these label values was removed from a segment. */
  seriesRemoved(family: GatheredFamily, labelValues: readonly string[]): void;
  /** The series of a family may have other rows now. */
  rowsMoved(family: GatheredFamily): void;
  /** A segment was read for the last time. Its series are not removed yet. */
  retiring(segment: SegmentReader): void;
}

/** The maximum number of different problems. */
const MAX_PROBLEMS = 100;

/** The segments of one thread, by index. The messages with the segments can arrive in any order. */
interface GatheredThread {
  readonly number: number;
  readonly segments: Map<number, GatheredSegment>;
}

/**
 * Reads segments of shared memory and combines series with equal names and labels.
 *
 * The writing threads do no work for this. The leader is the thread whose segment is added first. Its memory and other
 * memory of the same registry determine which metrics are visible. The default labels are those of the leader.
 *
 * If threads declare a metric with different kinds, labels or buckets, the declaration of the registry is used. If the
 * registry does not declare the metric, the declaration of the first series is used (see `FamilyVariants`). Series of
 * other declarations are omitted.
 *
 * The leader can refer to metrics in the memory of other registries (see `RegistryMemory`). Such a metric is not
 * combined with metrics of the same name in other memory.
 */
export class Gatherer {
  readonly #threads = new Map<number, GatheredThread>();
  readonly #variants = new Map<string, FamilyVariants>();
  /** For each memory of another registry, by its number: whether a metric, by its number, is in this registry. */
  readonly #guests = new Map<number, Map<number, boolean>>();
  #leader: GatheredThread | undefined;
  readonly #hasLeader: boolean;
  readonly #observer: GathererObserver | undefined;
  #defaultLabels: DefaultLabels = {};
  #hasForeign = false;
  readonly #problems = new Set<string>();

  /**
   * With `hasLeader: false`, there is no leader. All metrics are visible, and different declarations of a metric are
   * separate families.
   */
  constructor({
    hasLeader = true,
    observer,
  }: { readonly hasLeader?: boolean; readonly observer?: GathererObserver } = {}) {
    this.#hasLeader = hasLeader;
    this.#observer = observer;
  }

  /** Whether scrapes need the application's thread to read or update metrics, as of the last call of `families`. */
  get hasForeign(): boolean {
    return this.#hasForeign;
  }

  /** The mistakes of the application in all threads, as of the last call of `families`. At most 100. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /** Adds a segment of a thread. Repeated calls for the same thread and index have no effect. */
  add(number: number, buffer: SharedArrayBuffer, index = 0): void {
    const thread = this.#threads.get(number) ?? { number, segments: new Map<number, GatheredSegment>() };
    this.#threads.set(number, thread);
    const { segments } = thread;
    if (!segments.has(index)) {
      const reader = new SegmentReader(buffer, (sibling) => segments.get(sibling)?.reader);
      segments.set(index, { reader, metrics: new Map() });
    }
    if (this.#hasLeader) this.#leader ??= thread;
  }

  /** Reads the segments of an ended thread for the last time. Its counts are kept, and its gauges are removed. */
  retire(number: number): void {
    const thread = this.#threads.get(number);
    if (thread === undefined) return;
    // Read the leader first, so that its series are the first ones (see `leadingSlice`).
    if (this.#leader !== undefined) this.#read(this.#leader);
    const { segments } = thread;
    for (const [, segment] of [...segments].sort(([one], [other]) => one - other)) this.#readSegment(segment, thread);
    this.#threads.delete(number);
    for (const { reader, metrics } of segments.values()) {
      this.#observer?.retiring(reader);
      for (const { family } of metrics.values()) family.retire(reader);
    }
  }

  /** The visible family of this name. */
  family(name: string): GatheredFamily | undefined {
    return this.families().find(({ descriptor }) => descriptor.name === name);
  }

  /** Reads new records, and returns the visible families in the order of their declarations. */
  families(): readonly GatheredFamily[] {
    for (const { all } of this.#variants.values()) {
      for (const family of all) if (family.compact()) this.#observer?.rowsMoved(family);
    }
    for (const thread of this.#threads.values()) this.#read(thread);
    const variants = [...this.#variants.values()];
    if (!this.#hasLeader) return variants.flatMap(({ all }) => [...all]);
    return variants.map(({ visible }) => visible).filter((family) => family !== undefined);
  }

  /** Reads the segments in order, up to the first missing one. */
  #read(thread: GatheredThread): void {
    const { segments } = thread;
    for (let index = 0, segment = segments.get(0); segment !== undefined; segment = segments.get(++index)) {
      this.#readSegment(segment, thread);
    }
  }

  #readSegment(segment: GatheredSegment, thread: GatheredThread): void {
    for (const record of segment.reader.newRecords()) this.#apply(record, segment, thread);
  }

  #apply(record: JsonRecord | LoggedSeries, segment: GatheredSegment, thread: GatheredThread): void {
    const isLeader = thread === this.#leader;
    const { reader } = segment;
    switch (record.type) {
      case 'metric':
        this.#declare(record, segment, thread);
        break;
      case 'visible': {
        const declared = segment.metrics.get(record.metric);
        if (declared === undefined || !this.#isOfRegistry(thread)) break;
        const key = placeKey(thread.number, record.metric);
        if (record.visible) declared.variants.show(key, declared.family);
        else declared.variants.hide(key);
        break;
      }
      case 'guest': {
        if (!isLeader) break;
        const [number, { metric, visible }] = [-record.memory, record];
        const guests = this.#guests.get(number) ?? new Map<number, boolean>();
        this.#guests.set(number, guests.set(metric, visible));
        const key = placeKey(number, metric);
        const variants = this.#variants.get(key);
        for (const family of variants?.all ?? []) variants?.show(key, family);
        if (!visible) variants?.hide(key);
        break;
      }
      case 'default-labels':
        if (isLeader) this.#defaultLabels = record.labels;
        break;
      case 'problem':
        if (this.#problems.size < MAX_PROBLEMS) this.#problems.add(record.message);
        break;
      case 'foreign':
        if (isLeader) this.#hasForeign = record.present;
        break;
      case 'series': {
        const family = segment.metrics.get(record.metric)?.family;
        if (family === undefined) break;
        family.add(record, reader);
        this.#observer?.seriesAdded(family, reader, record.cell);
        break;
      }
      case 'removed': {
        const owner = thread.segments.get(record.segment);
        const family = segment.metrics.get(record.metric)?.family;
        const labelValues = owner && family?.remove(owner.reader, record.cell);
        if (labelValues !== undefined) this.#observer?.seriesRemoved(family!, labelValues);
        break;
      }
      case 'exemplar':
      case 'exemplars': {
        const owner = thread.segments.get(record.segment);
        if (owner !== undefined) segment.metrics.get(record.metric)?.family.addExemplars(record, reader, owner.reader);
        break;
      }
      case 'reset': {
        const family = segment.metrics.get(record.metric)?.family;
        if (family === undefined) break;
        family.addResetTime(reader, record.cell);
        this.#observer?.resetAdded(family, reader, record.cell);
      }
    }
  }

  #declare(
    { metric, descriptor }: Extract<JsonRecord, { readonly type: 'metric' }>,
    { metrics }: GatheredSegment,
    thread: GatheredThread,
  ): void {
    const key = placeKey(thread.number, metric);
    const guests = this.#guests.get(thread.number);
    const variants = this.#variantsOf(guests === undefined ? descriptor.name : key);
    const family = variants.familyOf(descriptor);
    const isNew = !metrics.has(metric);
    metrics.set(metric, { family, variants });
    if (guests !== undefined) {
      if (guests.get(metric) === true) variants.show(key, family);
      else variants.hide(key);
    } else if (this.#isOfRegistry(thread)) {
      family.describe(descriptor);
      // Metrics are in the registry until a record says otherwise.
      if (isNew || variants.isInRegistry(key)) variants.show(key, family);
    }
  }

  /** Whether a thread is memory of the registry itself, and not of another registry or another thread. */
  #isOfRegistry(thread: GatheredThread): boolean {
    if (!this.#hasLeader || this.#guests.has(thread.number)) return false;
    return thread === this.#leader || isOwnMemory(thread.number);
  }

  #variantsOf(key: string): FamilyVariants {
    let variants = this.#variants.get(key);
    if (variants === undefined) {
      variants = new FamilyVariants(() => this.#defaultLabels);
      this.#variants.set(key, variants);
    }
    return variants;
  }
}

/** The key of a metric's place: the number of its memory, and its number there. It differs from every metric name. */
function placeKey(memory: number, metric: number): string {
  return `${memory} ${metric}`;
}

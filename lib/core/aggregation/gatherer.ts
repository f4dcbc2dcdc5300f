import type { DefaultLabels } from '../formats/foreign-metric.js';
import { type Descriptor, layoutOf } from '../metrics/descriptor.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import type { JsonRecord } from '../metrics/segment-record.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { GatheredFamily } from './gathered-family.js';

/** The declaration of a metric in a segment, and the family of this name. */
interface DeclaredMetric {
  readonly descriptor: Descriptor;
  readonly family: GatheredFamily;
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
  /** A segment has no longer a series with these label values. */
  seriesRemoved(family: GatheredFamily, labelValues: readonly string[]): void;
  /** The series of a family may have other rows now. */
  rowsMoved(family: GatheredFamily): void;
  /** A segment was read for the last time. Its series are not removed yet. */
  retiring(segment: SegmentReader): void;
}

/** The segments of one thread, by index. The messages with the segments can arrive in any order. */
interface GatheredThread {
  readonly number: number;
  readonly segments: Map<number, GatheredSegment>;
}

/**
 * Reads segments of shared memory and sums series with equal names and labels.
 *
 * The writing threads are not involved. The first thread is the leader: it decides which metrics are visible, and sets
 * the default labels. If threads declare a metric with different buckets, the declaration of the leader is used. If the
 * leader does not declare the metric, the declaration of the first series is used. Series with other buckets are
 * omitted.
 *
 * The leader can refer to metrics in the memory of other registries (see `RegistryMemory`). Such a metric is a family of
 * its own.
 */
export class Gatherer {
  readonly #threads = new Map<number, GatheredThread>();
  readonly #families = new Map<string, GatheredFamily>();
  /** By the number of a memory of another registry: whether each of its metrics is in this registry. */
  readonly #guests = new Map<number, Map<number, boolean>>();
  #leader: GatheredThread | undefined;
  readonly #hasLeader: boolean;
  readonly #observer: GathererObserver | undefined;
  #defaultLabels: DefaultLabels = {};
  #hasForeign = false;

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

  /** Whether the application has registered prom-client metrics, as of the last call of `families`. */
  get hasForeign(): boolean {
    return this.#hasForeign;
  }

  /** Adds a segment of a thread. Repeated calls for the same thread and index have no effect. */
  add(number: number, buffer: SharedArrayBuffer, index = 0): void {
    const thread = this.#threads.get(number) ?? { number, segments: new Map<number, GatheredSegment>() };
    this.#threads.set(number, thread);
    const { segments } = thread;
    if (!segments.has(index)) segments.set(index, { reader: new SegmentReader(buffer), metrics: new Map() });
    if (this.#hasLeader) this.#leader ??= thread;
  }

  /** Reads the segments of an ended thread for the last time. Its counts are kept, and its gauges are removed. */
  retire(number: number): void {
    const thread = this.#threads.get(number);
    if (thread === undefined) return;
    // Read the leader first, because its declarations have priority.
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
    for (const family of this.#families.values()) if (family.compact()) this.#observer?.rowsMoved(family);
    for (const thread of this.#threads.values()) this.#read(thread);
    return [...this.#families.values()].filter(({ visible }) => visible);
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
      case 'metric': {
        const { metric, descriptor } = record;
        const guests = this.#guests.get(thread.number);
        const family = this.#familyOf(descriptor, guests && guestKey(thread.number, metric));
        if (guests !== undefined) family.visible = guests.get(metric) === true;
        if (isLeader) family.setLeadingDescriptor(descriptor);
        segment.metrics.set(metric, { descriptor, family });
        break;
      }
      case 'visible': {
        const family = segment.metrics.get(record.metric)?.family;
        if (isLeader && family !== undefined) family.visible = record.visible;
        break;
      }
      case 'guest': {
        if (!isLeader) break;
        const [number, { metric, visible }] = [-record.memory, record];
        const guests = this.#guests.get(number) ?? new Map<number, boolean>();
        this.#guests.set(number, guests.set(metric, visible));
        const family = this.#families.get(guestKey(number, metric));
        if (family !== undefined) family.visible = visible;
        break;
      }
      case 'default-labels':
        if (isLeader) this.#defaultLabels = record.labels;
        break;
      case 'foreign':
        if (isLeader) this.#hasForeign = record.present;
        break;
      case 'series': {
        const family = this.#familyFor(record, segment);
        if (family === undefined) break;
        family.add(record, reader);
        this.#observer?.seriesAdded(family, reader, record.cell);
        break;
      }
      case 'removed': {
        const owner = thread.segments.get(record.segment);
        const family = owner && this.#familyFor(record, segment);
        const labelValues = family?.remove(owner!.reader, record.cell);
        if (labelValues !== undefined) this.#observer?.seriesRemoved(family!, labelValues);
        break;
      }
      case 'exemplar':
      case 'exemplars': {
        const owner = thread.segments.get(record.segment);
        if (owner !== undefined) this.#familyFor(record, segment)?.addExemplars(record, reader, owner.reader);
        break;
      }
      case 'reset': {
        const family = this.#familyFor(record, segment);
        if (family === undefined) break;
        family.addResetTime(reader, record.cell);
        this.#observer?.resetAdded(family, reader, record.cell);
      }
    }
  }

  /** The family of a series; `undefined` if the layout of its cells differs from the family's. */
  #familyFor({ metric }: { readonly metric: number }, { metrics }: GatheredSegment): GatheredFamily | undefined {
    const declared = metrics.get(metric);
    return declared?.family.accepts(declared.descriptor) ? declared.family : undefined;
  }

  #familyOf(descriptor: Descriptor, key = this.#hasLeader ? descriptor.name : layoutOf(descriptor)): GatheredFamily {
    let family = this.#families.get(key);
    if (family === undefined) {
      family = new GatheredFamily(descriptor, () => this.#defaultLabels);
      this.#families.set(key, family);
    }
    return family;
  }
}

/** The key of a family in the memory of another registry. It differs from every metric name. */
function guestKey(memory: number, metric: number): string {
  return `${memory} ${metric}`;
}

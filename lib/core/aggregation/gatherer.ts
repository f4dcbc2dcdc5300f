import type { DefaultLabels } from '../formats/foreign-metric.js';
import { type Descriptor, layoutOf } from '../metrics/descriptor.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import type { RareRecord } from '../metrics/segment-record.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { GatheredFamily } from './gathered-family.js';

/** A metric as a segment declares it, and the family of that name. */
interface DeclaredMetric {
  readonly descriptor: Descriptor;
  readonly family: GatheredFamily;
}

/** A segment that is read, and what each of its metric numbers is. */
interface GatheredSegment {
  readonly reader: SegmentReader;
  readonly metrics: Map<number, DeclaredMetric>;
}

/** Told of what a gatherer reads, so that changes can be followed. */
export interface GathererObserver {
  /** A segment has a series of a family; its first cell is given. */
  seriesAdded(family: GatheredFamily, segment: SegmentReader, cell: number): void;
  /** A segment has a cell with the time at which a family was set back to zero. */
  resetAdded(family: GatheredFamily, segment: SegmentReader, cell: number): void;
  /** A segment has been read for the last time; its series are still there. */
  retiring(segment: SegmentReader): void;
}

/** The segments of one thread, by their index. A message with one can arrive before those with earlier ones. */
type GatheredThread = Map<number, GatheredSegment>;

/**
 * Reads segments of shared memory and adds them up: the same metric with the same labels is one series.
 *
 * The threads that write aren't involved. The first thread decides which metrics are shown, with which default labels.
 * If threads declare a metric with different buckets, the first thread's declaration counts, or else the earliest one.
 * Series with other buckets are left out.
 */
export class Gatherer {
  readonly #threads = new Map<number, GatheredThread>();
  readonly #families = new Map<string, GatheredFamily>();
  #leader: GatheredThread | undefined;
  readonly #isLed: boolean;
  readonly #observer: GathererObserver | undefined;
  #defaultLabels: DefaultLabels = {};
  #hasForeign = false;

  /**
   * Not led, everything is shown, each declaration as a metric of its own: what a thread hides, or which buckets it
   * has, is then no other's matter.
   */
  constructor({ isLed = true, observer }: { readonly isLed?: boolean; readonly observer?: GathererObserver } = {}) {
    this.#isLed = isLed;
    this.#observer = observer;
  }

  /** Whether the application has put metrics of its own beside ours, as far as `families` has read. */
  get hasForeign(): boolean {
    return this.#hasForeign;
  }

  /** Reads a segment of a thread from now on. A segment that is known by its thread and index is not added again. */
  add(number: number, buffer: SharedArrayBuffer, index = 0): void {
    const thread = this.#threads.get(number) ?? new Map<number, GatheredSegment>();
    this.#threads.set(number, thread);
    if (!thread.has(index)) thread.set(index, { reader: new SegmentReader(buffer), metrics: new Map() });
    if (this.#isLed) this.#leader ??= thread;
  }

  /** Reads the segments of a thread for the last time, because it has ended: its counts stay, its gauges go. */
  retire(number: number): void {
    const thread = this.#threads.get(number);
    if (thread === undefined) return;
    // What the leader declares comes first, also where nothing has been read yet.
    if (this.#leader !== undefined) this.#read(this.#leader);
    for (const [, segment] of [...thread].sort(([one], [other]) => one - other)) this.#readSegment(segment, thread);
    this.#threads.delete(number);
    for (const { reader, metrics } of thread.values()) {
      this.#observer?.retiring(reader);
      for (const { family } of metrics.values()) family.retire(reader);
    }
  }

  /** The shown family of that name. */
  family(name: string): GatheredFamily | undefined {
    return this.families().find(({ descriptor }) => descriptor.name === name);
  }

  /** Everything there is now, metrics in the order they were declared. */
  families(): readonly GatheredFamily[] {
    for (const thread of this.#threads.values()) this.#read(thread);
    return [...this.#families.values()].filter(({ visible }) => visible);
  }

  /** In the order in which they were written, and none before the one that it continues. */
  #read(thread: GatheredThread): void {
    for (let index = 0, segment = thread.get(0); segment !== undefined; segment = thread.get(++index)) {
      this.#readSegment(segment, thread);
    }
  }

  #readSegment(segment: GatheredSegment, thread: GatheredThread): void {
    for (const record of segment.reader.newRecords()) this.#apply(record, segment, thread);
  }

  #apply(record: RareRecord | LoggedSeries, segment: GatheredSegment, thread: GatheredThread): void {
    const isLeader = thread === this.#leader;
    const { reader } = segment;
    switch (record.type) {
      case 'metric': {
        const { metric, descriptor } = record;
        const family = this.#familyOf(descriptor);
        if (isLeader) family.lead(descriptor);
        segment.metrics.set(metric, { descriptor, family });
        break;
      }
      case 'visible': {
        const family = segment.metrics.get(record.metric)?.family;
        if (isLeader && family !== undefined) family.visible = record.visible;
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
      case 'exemplars': {
        const owner = thread.get(record.segment);
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

  /** The family a series goes into; undefined when its cells are laid out in another way than the family's. */
  #familyFor({ metric }: { readonly metric: number }, { metrics }: GatheredSegment): GatheredFamily | undefined {
    const declared = metrics.get(metric);
    return declared?.family.accepts(declared.descriptor) ? declared.family : undefined;
  }

  #familyOf(descriptor: Descriptor): GatheredFamily {
    const key = this.#isLed ? descriptor.name : layoutOf(descriptor);
    let family = this.#families.get(key);
    if (family === undefined) {
      family = new GatheredFamily(descriptor, () => this.#defaultLabels);
      this.#families.set(key, family);
    }
    return family;
  }
}

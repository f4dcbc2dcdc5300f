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

/** A segment that is read, by which number, and what each of its metric numbers is. */
interface GatheredSegment {
  readonly number: number;
  readonly reader: SegmentReader;
  readonly metrics: Map<number, DeclaredMetric>;
}

/**
 * Reads segments of shared memory and adds them up: the same metric with the same labels is one series.
 *
 * Reading asks nothing of the threads that write. What is shown, and with which default labels, is what the first
 * segment says. Series of a thread that declares a metric with other buckets than the first segment, or than were
 * there first, are left out.
 */
export class Gatherer {
  readonly #segments = new Map<number, GatheredSegment>();
  readonly #families = new Map<string, GatheredFamily>();
  #leader: GatheredSegment | undefined;
  readonly #isLed: boolean;
  #defaultLabels: DefaultLabels = {};
  #hasForeign = false;

  /**
   * Not led, everything is shown, each declaration as a metric of its own: what a thread hides, or which buckets it
   * has, is then no other's matter.
   */
  constructor({ isLed = true }: { readonly isLed?: boolean } = {}) {
    this.#isLed = isLed;
  }

  /** Whether the application has put metrics of its own beside ours, as far as `families` has read. */
  get hasForeign(): boolean {
    return this.#hasForeign;
  }

  /** Reads this segment too from now on; one that is known by its number is not added again. */
  add(number: number, buffer: SharedArrayBuffer): void {
    if (this.#segments.has(number)) return;
    const segment = { number, reader: new SegmentReader(buffer), metrics: new Map() };
    this.#segments.set(number, segment);
    if (this.#isLed) this.#leader ??= segment;
  }

  /** Reads a segment for the last time, because its thread has ended: its counts stay, its gauges go. */
  retire(number: number): void {
    const segment = this.#segments.get(number);
    if (segment === undefined) return;
    // What the leader declares comes first, also where nothing has been read yet.
    if (this.#leader !== undefined) this.#read(this.#leader);
    this.#read(segment);
    this.#segments.delete(number);
    for (const { family } of segment.metrics.values()) family.retire(number);
  }

  /** The shown family of that name. */
  family(name: string): GatheredFamily | undefined {
    return this.families().find(({ descriptor }) => descriptor.name === name);
  }

  /** Everything there is now, metrics in the order they were declared. */
  families(): readonly GatheredFamily[] {
    for (const segment of this.#segments.values()) this.#read(segment);
    return [...this.#families.values()].filter(({ visible }) => visible);
  }

  #read(segment: GatheredSegment): void {
    for (const record of segment.reader.newRecords()) this.#apply(record, segment);
  }

  #apply(record: RareRecord | LoggedSeries, segment: GatheredSegment): void {
    const isLeader = segment === this.#leader;
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
      case 'series':
        this.#familyFor(record, segment)?.add(record, segment.number, segment.reader);
        break;
      case 'exemplars':
        this.#familyFor(record, segment)?.addExemplars(record, segment.number, segment.reader);
        break;
      case 'reset':
        this.#familyFor(record, segment)?.addResetTime(segment.number, segment.reader.slice(record.cell));
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

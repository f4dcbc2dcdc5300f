import type { Descriptor } from '../metrics/descriptor.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import type { RareRecord } from '../metrics/segment-record.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import type { DefaultLabels } from './foreign-metric.js';
import { GatheredFamily } from './gathered-family.js';

/** A segment that is read, by which number, and which family each of its metric numbers is. */
interface GatheredSegment {
  readonly number: number;
  readonly reader: SegmentReader;
  readonly families: Map<number, GatheredFamily>;
}

/**
 * Reads segments of shared memory and adds them up: the same metric with the same labels is one series.
 *
 * Reading asks nothing of the threads that write. What is shown, and with which default labels, is what the first
 * segment says. Series of a thread that declares a metric with other buckets than were there first are left out.
 */
export class Gatherer {
  readonly #segments = new Map<number, GatheredSegment>();
  readonly #families = new Map<string, GatheredFamily>();
  #leader: GatheredSegment | undefined;
  readonly #isLed: boolean;
  #defaultLabels: DefaultLabels = {};
  #hasForeign = false;

  /** Not led, everything is shown: what a thread hides is then no other's matter. */
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
    const segment = { number, reader: new SegmentReader(buffer), families: new Map() };
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
    for (const family of segment.families.values()) family.retire(number);
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
        const family = this.#familyOf(record.descriptor);
        if (family.accepts(record.descriptor)) segment.families.set(record.metric, family);
        else segment.families.delete(record.metric);
        break;
      }
      case 'visible': {
        const family = segment.families.get(record.metric);
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
        segment.families.get(record.metric)?.add(record, segment.number, segment.reader);
        break;
      case 'exemplars':
        segment.families.get(record.metric)?.addExemplars(record, segment.number, segment.reader);
    }
  }

  #familyOf(descriptor: Descriptor): GatheredFamily {
    let family = this.#families.get(descriptor.name);
    if (family === undefined) {
      family = new GatheredFamily(descriptor, () => this.#defaultLabels);
      this.#families.set(descriptor.name, family);
    }
    return family;
  }
}

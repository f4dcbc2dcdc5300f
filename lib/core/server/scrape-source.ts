import { Gatherer } from '../aggregation/gatherer.js';
import { catalog } from '../catalog/catalog.js';
import type { Family } from '../formats/family.js';
import { metricFilter } from '../formats/filter.js';
import { FORMATS } from '../formats/formats.js';
import { writeInPieces } from '../formats/write-families.js';
import { bucketOf } from '../metrics/bucket-of.js';
import { addAtomically } from '../metrics/cells.js';
import { monotonicClock } from '../metrics/timer.js';
import type { ScrapeQuery, ScrapeRequest } from './scrape-query.js';

/** What is scraped: our metrics, and others as text. */
export interface Scraped {
  readonly families: readonly Family[];
  readonly text: string;
}

/** Metrics that a scrape adds to our own. */
export interface AdditionalMetrics {
  /** Brings segments up to date that are written only when somebody asks; done before they are read. */
  refresh(): Promise<void>;
  /** Whether this scrape has any; `hasForeign` says whether a registry contains prom-client metrics. */
  isThere(state: { readonly hasForeign: boolean }): boolean;
  /** Adds it to our own metrics; undefined when it does not come in time. */
  add(families: readonly Family[], query: ScrapeQuery): Promise<Scraped | undefined>;
}

/** What a scrape contains at one moment, ready to be written. */
export interface GatheredScrape {
  readonly families: readonly Family[];
  /** The additional metrics in the format of the scrape. */
  readonly text: Buffer;
  /** Memory that is kept until the scrape is written, in bytes; the values in segments take none. */
  readonly bytes: number;
  /** How long gathering took. */
  readonly seconds: number;
}

/** An estimate for series that are copied, such as those of a hub. */
const bytesPerCopiedSeries = 512;

/** What a scrape contains: our metrics, read from their segments, and additional ones. */
export class ScrapeSource {
  readonly gatherer = new Gatherer();

  constructor(private readonly additional: AdditionalMetrics) {}

  /** Collects what a scrape asks for. */
  async gather({ format, names }: ScrapeRequest): Promise<GatheredScrape> {
    const started = monotonicClock();
    const isAskedFor = metricFilter(names);
    const { families, text } = await this.#everything({ format, names });
    const asked = families.filter(({ descriptor }) => isAskedFor({ name: descriptor.name, type: descriptor.kind }));
    const bytes = Buffer.from(text);
    const copied = asked.reduce((sum, { series }) => sum + (Array.isArray(series) ? series.length : 0), 0);
    return {
      families: asked,
      text: bytes,
      bytes: bytes.length + copied * bytesPerCopiedSeries,
      seconds: monotonicClock() - started,
    };
  }

  /** Writes what was gathered, as UTF-8 in pieces of about 56 KiB. A piece is valid until the next one is asked for. */
  *pieces(gathered: GatheredScrape, { format, created }: ScrapeRequest): Generator<Buffer, void, undefined> {
    const { families, text: rest } = gathered;
    yield* writeInPieces(families, FORMATS[format], { created, rest });
  }

  async #everything(query: ScrapeQuery): Promise<Scraped> {
    await this.additional.refresh();
    const families = this.gatherer.families();
    if (!this.additional.isThere(this.gatherer)) return { families, text: '' };
    const all = await this.additional.add(families, query);
    if (all === undefined) this.#countForeignTimeout();
    return all ?? { families, text: '' };
  }

  // The next two series are written by whoever scrapes, and by nobody else: of several servers each does.

  /** Records that a number of scrapes were rendered, all of them at once in the given time. */
  recordScrapes(seconds: number, scrapes: number): void {
    const family = this.gatherer.family(catalog.scrapeDuration.name);
    const slice = family?.leadingSlice;
    if (family === undefined || slice === undefined) return;
    const { buckets } = family.descriptor;
    addAtomically(slice, bucketOf(buckets, seconds), scrapes);
    addAtomically(slice, buckets.length + 1, seconds * scrapes);
  }

  #countForeignTimeout(): void {
    const slice = this.gatherer.family(catalog.scrapeForeignTimeouts.name)?.leadingSlice;
    if (slice !== undefined) addAtomically(slice, 0, 1);
  }
}

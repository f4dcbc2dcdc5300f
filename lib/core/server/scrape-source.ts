import { Gatherer } from '../aggregation/gatherer.js';
import { catalog } from '../catalog/catalog.js';
import { expositionWriter } from '../formats/exposition-writer.js';
import type { Family } from '../formats/family.js';
import { metricFilter } from '../formats/filter.js';
import { bucketOf } from '../metrics/bucket-of.js';
import { addAtomically } from '../metrics/cells.js';
import { valuesPerSeries } from '../metrics/series.js';
import { monotonicClock } from '../metrics/timer.js';
import type { ScrapeQuery, ScrapeRequest } from './scrape-query.js';

/** The content of a scrape: TinyLLM's metrics as families, and other metrics in the format of the scrape. */
export interface Scraped {
  readonly families: readonly Family[];
  readonly rest: Uint8Array;
}

/** Metrics that a scrape contains in addition to those of the registry. */
export interface AdditionalMetrics {
  /** Updates values that are only reported on request. Called before values are read. */
  refresh(): Promise<void>;
  /** Whether there are additional metrics. `hasForeign`: whether scrapes need the application's thread. */
  isThere(state: { readonly hasForeign: boolean }): boolean;
  /**
   * Adds the metrics to the families of the registry, which `readFamilies` returns. Values that were updated before its
   * call are included. Resolves to `undefined` on a timeout.
   */
  add(readFamilies: () => readonly Family[], query: ScrapeQuery): Promise<Scraped | undefined>;
}

/** The gathered content of a scrape, ready to be written. */
export interface GatheredScrape {
  readonly families: readonly Family[];
  /** The additional metrics in the format of the scrape. */
  readonly rest: Uint8Array;
  /**
   * The memory that the content takes until the scrape is written, in bytes. Values in segments take no extra memory.
   */
  readonly bytes: number;
  /** The estimated size of the largest metric when it is written, in bytes. */
  readonly largestBytes: number;
  /** Duration of gathering. */
  readonly seconds: number;
}

/** Estimated bytes of a written value, with its name and labels. */
const bytesPerValue = 64;
/** Estimated bytes of a copied series, such as those of a hub. */
const bytesPerCopiedSeries = 512;

const NOTHING = new Uint8Array(0);

/** The content of scrapes: TinyLLM's metrics, which are read from their segments, and additional metrics. */
export class ScrapeSource {
  readonly gatherer = new Gatherer();

  constructor(private readonly additional: AdditionalMetrics) {}

  /** Gathers the metrics that a scrape requests. */
  async gather({ format, escaping, names }: ScrapeRequest): Promise<GatheredScrape> {
    const started = monotonicClock();
    const isRequested = metricFilter(names, escaping);
    const { families, rest } = await this.#collect({ format, escaping, names });
    const requested = families.filter(({ descriptor }) =>
      isRequested({ name: descriptor.name, type: descriptor.kind }),
    );
    const copied = requested.reduce((sum, { series }) => sum + (Array.isArray(series) ? series.length : 0), 0);
    return {
      families: requested,
      rest,
      bytes: rest.length + copied * bytesPerCopiedSeries,
      largestBytes: Math.max(rest.length, ...requested.map(writtenBytesOf)),
      seconds: monotonicClock() - started,
    };
  }

  /**
   * Writes gathered metrics in pieces. A piece is valid until the next one is requested.
   *
   * @param onGrow Called with the bytes of further memory, which is kept until the end. If it throws, the scrape ends.
   */
  pieces(
    { families, rest }: GatheredScrape,
    request: ScrapeRequest,
    onGrow?: (bytes: number) => void,
  ): Generator<Buffer, void, undefined> {
    return expositionWriter(request).pieces(families, { created: request.created, rest, onGrow });
  }

  async #collect(query: ScrapeQuery): Promise<Scraped> {
    await this.additional.refresh();
    const families = this.gatherer.families();
    if (!this.additional.isThere(this.gatherer)) return { families, rest: NOTHING };
    const all = await this.additional.add(() => this.gatherer.families(), query);
    if (all === undefined) this.#countForeignTimeout();
    return all ?? { families: this.gatherer.families(), rest: NOTHING };
  }

  // The next two methods write metrics. Only server threads write these metrics. Several servers can write them at the
  // same time, so the additions are atomic.

  /** Records the duration of a rendering that was shared by a number of scrapes. */
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

function writtenBytesOf({ descriptor, series, size = Array.isArray(series) ? series.length : 0 }: Family): number {
  return size * valuesPerSeries(descriptor) * bytesPerValue;
}

import { Gatherer } from '../aggregation/gatherer.js';
import { catalog } from '../catalog/catalog.js';
import type { Family } from '../formats/family.js';
import { metricFilter } from '../formats/filter.js';
import { FORMATS } from '../formats/formats.js';
import { writeFamilies } from '../formats/write-families.js';
import { bucketOf } from '../metrics/bucket-of.js';
import { addAtomically } from '../metrics/cells.js';
import { Timer } from '../metrics/timer.js';
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

/** What a scrape contains: our metrics, read from their segments, and additional ones. */
export class ScrapeSource {
  readonly gatherer = new Gatherer();

  constructor(private readonly additional: AdditionalMetrics) {}

  /** Renders what a scrape asks for, as UTF-8. */
  async render({ format: name, names, created }: ScrapeRequest): Promise<Uint8Array> {
    const timer = new Timer((seconds) => this.#recordScrape(seconds));
    const format = FORMATS[name];
    const isAskedFor = metricFilter(names);
    const { families, text } = await this.#everything({ format: name, names });
    const asked = families.filter(({ descriptor }) => isAskedFor({ name: descriptor.name, type: descriptor.kind }));
    const body = writeFamilies(asked, format, { created });
    body.write(text);
    body.write(format.end);
    timer.end();
    return body.bytes;
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

  #recordScrape(seconds: number): void {
    const family = this.gatherer.family(catalog.scrapeDuration.name);
    const slice = family?.leadingSlice;
    if (family === undefined || slice === undefined) return;
    const { buckets } = family.descriptor;
    addAtomically(slice, bucketOf(buckets, seconds), 1);
    addAtomically(slice, buckets.length + 1, seconds);
  }

  #countForeignTimeout(): void {
    const slice = this.gatherer.family(catalog.scrapeForeignTimeouts.name)?.leadingSlice;
    if (slice !== undefined) addAtomically(slice, 0, 1);
  }
}

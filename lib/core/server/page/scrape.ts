import { catalog } from '../../catalog/catalog.js';
import type { Sample } from '../../formats/parse-exposition.js';
import { sampleIncrease } from './sample-increase.js';

/** The labels of a sample. */
export type Labels = Readonly<Record<string, string>>;

/** The samples of one scrape, or the increases between two scrapes. */
export class Scrape {
  readonly #byName = new Map<string, Map<string, Sample>>();

  constructor(samples: Iterable<Sample>) {
    for (const sample of samples) {
      const series = this.#byName.get(sample.name) ?? new Map<string, Sample>();
      this.#byName.set(sample.name, series.set(keyOf(sample.labels), sample));
    }
  }

  /** The samples with this name. */
  samples(name: string): readonly Sample[] {
    return [...(this.#byName.get(name)?.values() ?? [])];
  }

  /** The sum of all samples with this name; `undefined` if there are none. */
  total(name: string): number | undefined {
    const samples = this.samples(name);
    return samples.length === 0 ? undefined : samples.reduce((sum, { value }) => sum + value, 0);
  }

  /** The sums of the samples with this name, by the value of one label. */
  totalsBy(name: string, label: string): Map<string, number> {
    const totals = new Map<string, number>();
    for (const { labels, value } of this.samples(name)) {
      const key = labels[label] ?? '';
      totals.set(key, (totals.get(key) ?? 0) + value);
    }
    return totals;
  }

  /**
   * The increase of each series of these counters since an earlier scrape.
   *
   * If a series was reset to zero, the increase is the current value. The same applies to a new series. The function
   * `increase` of Prometheus ignores the first value of a new series without a start timestamp.
   */
  increaseSince(earlier: Scrape, names: readonly string[]): Scrape {
    return new Scrape(
      names.flatMap((name) =>
        this.samples(name).map((sample) =>
          sampleIncrease(sample, earlier.#byName.get(name)?.get(keyOf(sample.labels))),
        ),
      ),
    );
  }
}

/** JSON escapes the values, so different label sets have different keys. */
function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The name and version of an application. */
export interface Identity {
  readonly app: string;
  readonly version: string;
}

/** The applications of a scrape: one for a target, or several for a hub. */
export function identitiesOf(scrape: Scrape): Identity[] {
  return scrape.samples(catalog.systemInfo.name).map(({ labels: { app = '', version = '' } }) => ({
    app: app === '' ? 'unnamed application' : app,
    version,
  }));
}

import { catalog } from '../../catalog/catalog.js';
import type { Sample } from './parse-exposition.js';

/** Labels by which samples are told apart or put together. */
export type Labels = Readonly<Record<string, string>>;

/** What a target said at one time, or how much that grew until another. */
export class Scrape {
  readonly #byName = new Map<string, Map<string, Sample>>();

  constructor(samples: Iterable<Sample>) {
    for (const sample of samples) {
      const series = this.#byName.get(sample.name) ?? new Map<string, Sample>();
      this.#byName.set(sample.name, series.set(keyOf(sample.labels), sample));
    }
  }

  /** The samples of that name. */
  samples(name: string): readonly Sample[] {
    return [...(this.#byName.get(name)?.values() ?? [])];
  }

  /** The sum of all samples of that name; undefined when there is none. */
  total(name: string): number | undefined {
    const samples = this.samples(name);
    return samples.length === 0 ? undefined : samples.reduce((sum, { value }) => sum + value, 0);
  }

  /** The sums of the samples of that name by the value of one label. */
  totalsBy(name: string, label: string): Map<string, number> {
    const totals = new Map<string, number>();
    for (const { labels, value } of this.samples(name)) {
      const key = labels[label] ?? '';
      totals.set(key, (totals.get(key) ?? 0) + value);
    }
    return totals;
  }

  /**
   * How much the counters of those names grew since an earlier scrape, series by series.
   *
   * A series whose number went down began again at zero, and so did one that was not there: it has grown by what it
   * says. Prometheus' `increase` does the same at a reset, but passes over what a new series begins with.
   */
  growthSince(earlier: Scrape, names: readonly string[]): Scrape {
    return new Scrape(
      names.flatMap((name) =>
        this.samples(name).map((sample) => {
          const before = earlier.#byName.get(name)?.get(keyOf(sample.labels))?.value ?? 0;
          return { ...sample, value: sample.value < before ? sample.value : sample.value - before };
        }),
      ),
    );
  }
}

/** Quotes and all, so that no two sets of labels have one key. */
function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Who a target says it is. */
export interface Identity {
  readonly app: string;
  readonly version: string;
}

/** Who speaks: a target, or each of those whose metrics a hub adds up. */
export function identitiesOf(scrape: Scrape): Identity[] {
  return scrape.samples(catalog.systemInfo.name).map(({ labels: { app = '', version = '' } }) => ({
    app: app === '' ? 'an application without a name' : app,
    version,
  }));
}

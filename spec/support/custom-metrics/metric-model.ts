import { seriesKey } from '../parse-sample.js';

export type Kind = 'Counter' | 'Gauge' | 'Histogram';
export type Labels = Readonly<Record<string, string | number>>;

/** The declaration of a metric. */
export interface MetricFacts {
  readonly kind: Kind;
  readonly name: string;
  readonly labelNames: readonly string[];
  readonly buckets: readonly number[];
}

interface ModelSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** The value of a counter or gauge. */
  value: number;
  /** The values of a histogram. */
  observed: number[];
}

/** A simple model of a metric: the values of each series, by labels. */
export class MetricModel {
  readonly #series = new Map<string, ModelSeries>();

  constructor(private readonly facts: MetricFacts) {
    if (this.labelNames.length === 0) this.#at({});
  }

  get labelNames(): readonly string[] {
    return this.facts.labelNames;
  }

  record(labels: Labels, type: 'add' | 'set', value: number): void {
    const series = this.#at(labels);
    series.observed.push(value);
    series.value = type === 'set' && this.facts.kind === 'Gauge' ? value : series.value + value;
  }

  zero(labels: Labels): void {
    this.remove(labels);
    this.#at(labels);
  }

  remove(labels: Labels): void {
    this.#series.delete(seriesKey({ name: '', labels: textOf(labels) }));
  }

  reset(): void {
    this.#series.clear();
    if (this.labelNames.length === 0 && this.facts.kind !== 'Histogram') this.#at({});
  }

  /** The samples of a scrape, by name and labels. */
  get samples(): Record<string, number> {
    const { kind, name, buckets } = this.facts;
    const all = [...this.#series.values()].flatMap(({ labels, value, observed }): [string, number][] => {
      const key = (suffix: string, more = {}) =>
        seriesKey({ name: `${name}${suffix}`, labels: { ...labels, ...more } });
      if (kind !== 'Histogram') return [[key(''), value]];
      return [
        ...buckets.map((le): [string, number] => [
          key('_bucket', { le: `${le}` }),
          observed.filter((one) => one <= le).length,
        ]),
        [key('_bucket', { le: '+Inf' }), observed.length],
        [key('_sum'), observed.reduce((sum, one) => sum + one, 0)],
        [key('_count'), observed.length],
      ];
    });
    return Object.fromEntries(all);
  }

  #at(labels: Labels): ModelSeries {
    const text = textOf(labels);
    const key = seriesKey({ name: '', labels: text });
    const series = this.#series.get(key) ?? { labels: text, value: 0, observed: [] };
    this.#series.set(key, series);
    return series;
  }
}

function textOf(labels: Labels): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]));
}

/** Adds the samples of several threads. */
export function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum = new Map<string, number>();
  for (const [key, value] of all.flatMap((samples) => Object.entries(samples))) {
    sum.set(key, (sum.get(key) ?? 0) + value);
  }
  return Object.fromEntries(sum);
}

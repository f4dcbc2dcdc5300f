import { saturated, WRITES_CELL } from '../cells.js';
import { BoundSeries } from './bound-series.js';
import { invalidNumber, type LabelValues, type MetricConfiguration } from './configuration.js';
import { CustomMetric } from './custom-metric.js';
import { createExemplar, type PromClientExemplar, toPromClientExemplar } from './exemplar.js';
import { type GivenLabels, isLabels, withExemplar } from './label-values.js';
import type { ReadMetric } from './read-metric.js';

/** The configuration of a {@link Counter}. */
export interface CounterConfiguration<Label extends string> extends MetricConfiguration<Label> {
  /** Updates the values before they are read. */
  readonly collect?: ((this: Counter<Label>) => void | Promise<void>) | undefined;
}

/** An increment with an exemplar. */
export interface CounterIncrement<Label extends string> {
  readonly labels?: LabelValues<Label> | undefined;
  /** Default 1. */
  readonly value?: number | undefined;
  /** Labels of the exemplar, such as a trace ID: at most 128 characters. Default: the exemplar does not change. */
  readonly exemplarLabels?: Readonly<Record<string, string | number>> | undefined;
}

/**
 * A counter with fixed labels, as `labels()` returns it.
 *
 * While it has cells, `inc` needs no lookup and allocates nothing.
 */
export class BoundCounter<Label extends string = string> extends BoundSeries {
  readonly #metric: Counter<Label>;

  /** @internal */
  constructor(metric: Counter<Label>, labelValues: readonly string[], given: GivenLabels) {
    super(labelValues, given);
    this.#metric = metric;
  }

  /**
   * Adds a number of at least 0; default 1.
   *
   * @throws {Error} with prom-client's text if the number is negative or not finite. Nothing is then added.
   */
  inc(value?: number | null): void {
    const amount = value === undefined ? 1 : checkedIncrement(value);
    if (!this.isLive) {
      this.liveSeries().inc(amount);
      return;
    }
    this.page[this.offset] = saturated(this.page[this.offset]! + amount);
    this.page[WRITES_CELL]! += 1;
  }

  /** @internal */
  protected openSeries(): BoundCounter<Label> {
    return this.#metric.reopen(this);
  }
}

/** A value that only increases, such as the number of requests. */
export class Counter<Label extends string = string> extends CustomMetric<Label, BoundCounter<Label>> {
  readonly type = 'counter';

  /**
   * Creates a counter and registers it.
   *
   * @throws {TypeError | Error} with prom-client's text if the configuration is invalid or the name is in use.
   * @throws {InvalidDescriptorError} if a label name is reserved or the declaration is too large.
   */
  constructor(configuration: CounterConfiguration<Label>) {
    super(
      configuration,
      { kind: 'counter' },
      (metric, labelValues, given) => new BoundCounter(metric as Counter<Label>, labelValues, given),
    );
  }

  /**
   * Adds a number of at least 0 to the series with these labels; default 1. With `enableExemplars`, the only argument
   * is a {@link CounterIncrement}.
   *
   * @throws {Error} with prom-client's text if a label is unknown, or if the number is negative or not finite.
   */
  inc(labels: LabelValues<Label>, value?: number): void;
  inc(value?: number): void;
  inc(increment: CounterIncrement<Label>): void;
  inc(first?: unknown, second?: unknown): void {
    if (this.enableExemplars) {
      const { labels = {}, value, exemplarLabels } = withExemplar(first, second);
      const amount = checkedIncrement(value);
      const exemplar = exemplarLabels && createExemplar(exemplarLabels, amount || 1);
      const series = this.series.get(isLabels(labels) ? labels : {});
      series.inc(amount);
      if (exemplar !== undefined) this.series.storeExemplar(series, 0, exemplar);
      return;
    }
    const [labels, value] = isLabels(first) ? [first, second] : [{}, first];
    const amount = value === undefined ? undefined : checkedIncrement(value);
    this.series.get(labels).inc(amount);
  }

  /**
   * Returns the counter with these labels: values in the order of the label names, or an object.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the number of values is wrong.
   */
  labels(...values: readonly (string | number)[]): BoundCounter<Label>;
  labels(labels: LabelValues<Label>): BoundCounter<Label>;
  labels(...labels: readonly unknown[]): BoundCounter<Label> {
    return this.series.bind(labels);
  }

  /** Returns the values of this thread in prom-client's format, after `collect`. */
  async get(): Promise<ReadMetric<CounterValue<Label>>> {
    const name = this.takeName();
    await this.update();
    const values = [...this.series.all].map(({ page, offset, given, exemplars }) => ({
      value: page[offset]!,
      labels: { ...given } as LabelValues<Label>,
      ...(exemplars?.[0] && { exemplar: toPromClientExemplar(exemplars[0]) }),
    }));
    return { help: this.help, name, type: this.type, values, aggregator: this.aggregator };
  }

  /** @internal */
  reopen(series: BoundCounter<Label>): BoundCounter<Label> {
    return this.series.reopen(series);
  }
}

/** A value of a counter. */
export interface CounterValue<Label extends string> {
  readonly value: number;
  readonly labels: LabelValues<Label>;
  readonly exemplar?: PromClientExemplar;
}

function checkedIncrement(value: unknown): number {
  if (value === null || value === undefined) return 1;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidNumber(value);
  if (value < 0) throw new Error('It is not possible to decrease a counter');
  return value;
}

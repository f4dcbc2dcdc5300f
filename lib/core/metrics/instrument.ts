import { InvalidValueError } from '../errors/errors.js';
import { type CellSlice, privateCells, WRITES_CELL } from './cells.js';
import type { Aggregation, WritableDescriptor } from './descriptor.js';
import { ExemplarStore } from './exemplar-store.js';
import type { InstrumentHost } from './instrument-host.js';
import type { LabelLayout } from './label-layout.js';
import { LabelTree } from './label-tree.js';
import { OVERFLOW_LABEL_VALUE, toLabelValue } from './label-value.js';
import { type PromClientMetric, toPromClientMetric } from './prom-client-view.js';
import { cellsPerSeries, type LabelledSeries, type Series } from './series.js';
import type { ActiveTrace } from './trace-context.js';

type SeriesClass<S extends Series> = new (descriptor: WritableDescriptor, slice: CellSlice) => S;

type ValuesOf<Labels extends readonly string[]> = readonly [
  ...{ readonly [Index in keyof Labels]: string },
  ...additional: string[],
];

const BRAND = Symbol.for('tinyllm.instrument');

/**
 * A metric and its series. A prom-client registry accepts it like a metric of prom-client.
 *
 * At most `maxSeriesPerMetric` label sets have their own series. Any further label set shares the overflow series,
 * whose label values are all `other`. This is permanent: `inc` and `dec` of a gauge must always change the same series.
 */
export abstract class Instrument<S extends Series = Series, Labels extends readonly string[] = readonly string[]> {
  readonly [BRAND] = true;
  /** How prom-client's cluster aggregation combines processes. */
  readonly aggregator: Aggregation;
  protected abstract readonly seriesClass: SeriesClass<S>;
  protected abstract readonly noopClass: SeriesClass<S>;
  readonly #host: InstrumentHost;
  readonly #tree = new LabelTree<S>();
  readonly #all: S[] = [];
  #descriptor: WritableDescriptor;
  #layout: LabelLayout | undefined;
  #overflow: S | undefined;
  #noop: S | undefined;
  #exemplars: ExemplarStore | undefined;
  #resetTime: CellSlice | undefined;
  #scrapedAs: string | undefined;

  /** `metric` is the instrument's number at its host. */
  constructor(
    descriptor: WritableDescriptor,
    host: InstrumentHost,
    private readonly metric: number,
  ) {
    this.#descriptor = descriptor;
    this.#host = host;
    host.publish({ type: 'metric', metric, descriptor });
    this.aggregator = descriptor.kind === 'info' ? 'first' : descriptor.aggregation;
  }

  get descriptor(): WritableDescriptor {
    return this.#descriptor;
  }

  /** All series, oldest first. */
  get allSeries(): readonly S[] {
    return this.#all;
  }

  get hasSeries(): boolean {
    return this.#all.length > 0;
  }

  /** All series with their label values, oldest first. */
  labelledSeries(): readonly LabelledSeries<S>[] {
    const labelValues = new Map<S, readonly string[]>();
    for (const [values, series] of this.#tree.entries()) labelValues.set(series, values);
    return this.#all.map((series) => ({ series, labelValues: labelValues.get(series)! }));
  }

  /** Whether the instrument is excluded. Its series then record nothing. */
  get excluded(): boolean {
    return this.#noop !== undefined;
  }

  /**
   * Returns the series of these label values and creates it if it is new. The values have the order of the declared
   * labels. The values of additional labels follow them. If they are missing, those of the current context are used.
   *
   * @throws {InvalidValueError} if the number of values is wrong.
   */
  series(...values: ValuesOf<Labels>): S {
    // With too few values, the tree would return a branch instead of a series.
    const isComplete = values.length === this.#descriptor.labels.length && this.#layout === undefined;
    const known = isComplete ? this.#tree.find(values) : undefined;
    return known ?? this.#findOrAdd(values);
  }

  /**
   * Replaces the descriptor. A layout is necessary if its labels differ from the declared ones. Allowed only before
   * there is any series.
   */
  redescribe(descriptor: WritableDescriptor, layout: LabelLayout | undefined): void {
    this.#descriptor = descriptor;
    this.#layout = layout;
    this.#host.publish({ type: 'metric', metric: this.metric, descriptor });
  }

  /** Called with each new series that has shared memory. */
  protected opened(_series: S, _host: InstrumentHost): void {}

  /** Includes the metric in scrapes, or excludes it. Called when it is added to a registry or removed. */
  show(visible: boolean): void {
    this.#host.publish({ type: 'visible', metric: this.metric, visible });
  }

  /**
   * From now on, {@link series} always returns the same series, which records nothing.
   *
   * Allowed only before there is any series.
   */
  exclude(): void {
    this.#noop = new this.noopClass(this.#descriptor, privateCells(1));
  }

  /** Creates the series that were postponed to the first read. Call it before reading `allSeries` for a scrape. */
  prepareRead(): void {
    this.#host.beforeRead();
  }

  /** Sets every series to zero and updates its creation time. References to the series stay valid. */
  reset(): void {
    if (this.#all.length === 0) return;
    for (const series of this.#all) series.reset();
    this.#exemplars?.clear();
    this.#resetTime ??= this.#publishResetTime();
    if (this.#resetTime === undefined) return;
    const { page, offset } = this.#resetTime;
    page[offset] = Date.now() / 1_000;
    page[WRITES_CELL]! += 1;
  }

  /** Stores the trace, if there is one, as the exemplar of a value that was recorded in a series. */
  exemplify(series: S, value: number, trace: ActiveTrace | undefined): void {
    if (trace === undefined || this.excluded) return;
    this.#exemplars ??= new ExemplarStore(this.#host, this.metric);
    this.#exemplars.store(series, value, trace);
  }

  #findOrAdd(given: readonly string[]): S {
    if (this.#noop !== undefined) return this.#noop;
    const { name, labels } = this.#descriptor;
    const values =
      this.#layout === undefined ? given : this.#layout.valuesOf(given, () => this.#host.additionalLabelValues());
    if (values?.length !== labels.length) throw wrongCount(this.#descriptor, given.length);
    const clean = values.map(toLabelValue);
    const known = this.#tree.find(clean);
    if (known !== undefined) return known;
    if (this.#overflow === undefined && this.#tree.size < this.#host.maxSeriesPerMetric) {
      const series = this.#add(clean);
      if (series !== undefined) return series;
    }
    this.#host.overflowed(name);
    this.#overflow ??= this.#overflowSeries();
    return this.#overflow;
  }

  #overflowSeries(): S {
    const values = this.#descriptor.labels.map(() => OVERFLOW_LABEL_VALUE);
    const count = cellsPerSeries(this.#descriptor);
    // Without memory even for this series, the value is lost. The measured call must not fail.
    const series =
      this.#tree.find(values) ?? this.#add(values) ?? new this.seriesClass(this.#descriptor, privateCells(count));
    series.isOverflow = true;
    return series;
  }

  /** Returns undefined if there is no memory for a series. */
  #add(values: readonly string[]): S | undefined {
    const createdSeconds = Date.now() / 1_000;
    const slice = this.#host.allocate(cellsPerSeries(this.#descriptor), (cell) => ({
      type: 'series',
      metric: this.metric,
      cell,
      createdSeconds,
      labelValues: values,
    }));
    if (slice === undefined) return undefined;
    const series = new this.seriesClass(this.#descriptor, slice);
    this.opened(series, this.#host);
    this.#tree.add(values, series);
    this.#all.push(series);
    return series;
  }

  /** Returns undefined if there is no memory. */
  #publishResetTime(): CellSlice | undefined {
    return this.#host.allocate(1, (cell) => ({ type: 'reset', metric: this.metric, cell }));
  }

  // The following members are for prom-client. Its OpenMetrics scrape assigns `name` before it calls `get`. Only that
  // call of `get` returns the assigned name. The instrument's own name never changes.

  get name(): string {
    return this.#descriptor.name;
  }

  set name(scrapedAs: string) {
    this.#scrapedAs = scrapedAs;
  }

  get help(): string {
    return this.#descriptor.help;
  }

  get type(): 'counter' | 'gauge' | 'histogram' {
    const { kind } = this.#descriptor;
    return kind === 'counter' || kind === 'histogram' ? kind : 'gauge';
  }

  /** Returns the metric and its current values in prom-client's format. */
  async get(): Promise<PromClientMetric> {
    this.prepareRead();
    const name = this.#scrapedAs ?? this.name;
    this.#scrapedAs = undefined;
    return toPromClientMetric(this, name);
  }
}

function wrongCount({ name, labels }: WritableDescriptor, count: number): InvalidValueError {
  const got = `${count} label value${count === 1 ? '' : 's'}`;
  const expected = labels.length === 0 ? '0' : `${labels.length}: ${labels.join(', ')}`;
  return new InvalidValueError(name, got, expected, got);
}

/** Whether a metric of a registry is an instrument of any copy of the package. Never throws, even for a Proxy. */
export function isInstrument(metric: unknown): metric is Instrument {
  try {
    return typeof metric === 'object' && metric !== null && (metric as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false;
  }
}

import { InvalidValueError } from '../errors/errors.js';
import { type CellSlice, FIRST_SERIES_CELL, WRITES_CELL } from './cells.js';
import type { WritableDescriptor } from './descriptor.js';
import { type ExemplarHost, ExemplarStore } from './exemplar-store.js';
import { LabelTree } from './label-tree.js';
import { toLabelValue } from './label-value.js';
import { type PromClientMetric, toPromClientMetric } from './prom-client-view.js';
import type { StateRecord } from './segment-record.js';
import { cellsPerSeries, type LabelledSeries, type Series } from './series.js';
import type { ActiveTrace } from './trace-context.js';

/** The value of every label of the series that takes what is past the cap. */
export const OVERFLOW_LABEL_VALUE = 'other';

/** What an instrument needs of the meter it belongs to. */
export interface InstrumentHost extends ExemplarHost {
  /** Tells those who read the cells from outside. */
  publish(record: StateRecord): void;
  /** How many label sets an instrument may hold; asked each time a label set is new. */
  readonly maxSeriesPerMetric: number;
  /** Called each time a label set past the cap is folded, or has no room. */
  overflowed(metric: string): void;
  /** Called before series are read. */
  beforeRead(): void;
}

type SeriesClass<S extends Series> = new (descriptor: WritableDescriptor, slice: CellSlice) => S;

type ValuesOf<Labels extends readonly string[]> = { readonly [Index in keyof Labels]: string };

const BRAND = Symbol.for('tinyllm.instrument');

/**
 * A metric and its series, registered in a prom-client registry as if it were one of prom-client's own.
 *
 * At most `maxSeriesPerMetric` label sets get a series; every later one shares a last series, whose label values
 * are all `other`. Once that has happened it stays so: a gauge's `inc` and `dec` always meet in the same series.
 */
export abstract class Instrument<S extends Series = Series, Labels extends readonly string[] = readonly string[]> {
  readonly [BRAND] = true;
  /** How prom-client's cluster aggregation combines processes. */
  readonly aggregator: 'sum' | 'max' | 'first';
  protected abstract readonly seriesClass: SeriesClass<S>;
  protected abstract readonly noopClass: SeriesClass<S>;
  readonly #host: InstrumentHost;
  readonly #tree = new LabelTree<S>();
  readonly #all: S[] = [];
  #descriptor: WritableDescriptor;
  #overflow: S | undefined;
  #noop: S | undefined;
  #exemplars: ExemplarStore | undefined;
  #resetTime: CellSlice | undefined;
  #scrapedAs: string | undefined;

  /** `metric` is the instrument's number with its host. */
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

  /** Every series there is, oldest first. */
  get allSeries(): readonly S[] {
    return this.#all;
  }

  /** Every series there is with its label values, oldest first. */
  labelledSeries(): readonly LabelledSeries<S>[] {
    const labelValues = new Map<S, readonly string[]>();
    for (const [values, series] of this.#tree.entries()) labelValues.set(series, values);
    return this.#all.map((series) => ({ series, labelValues: labelValues.get(series)! }));
  }

  /** Whether the instrument is excluded: it then hands out series that keep nothing. */
  get excluded(): boolean {
    return this.#noop !== undefined;
  }

  /**
   * The series of these label values, in the order of the descriptor's labels; made when it is new.
   *
   * @throws {InvalidValueError} when there are more or fewer values than labels.
   */
  series(...values: ValuesOf<Labels>): S {
    // Too few of them would lead the tree to a branch, not to a series.
    const known = values.length === this.#descriptor.labels.length ? this.#tree.find(values) : undefined;
    return known ?? this.#miss(values);
  }

  /** Takes another descriptor; only before there is any series. */
  redescribe(descriptor: WritableDescriptor): void {
    this.#descriptor = descriptor;
    this.#host.publish({ type: 'metric', metric: this.metric, descriptor });
  }

  /** Shows the metric in scrapes, or leaves it out; called as it is put in a registry or taken out. */
  show(visible: boolean): void {
    this.#host.publish({ type: 'visible', metric: this.metric, visible });
  }

  /** From now on hands out one series that keeps nothing; only before there is any series. */
  exclude(): void {
    this.#noop = new this.noopClass(this.#descriptor, unreadSlice(1));
  }

  /** Makes the series that wait for the first read; called before `allSeries` is read for a scrape. */
  prepareRead(): void {
    this.#host.beforeRead();
  }

  /** Sets every series back to zero, from when on they count as created; handles to them stay valid. */
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

  /** Keeps the trace in which a series was given a value, if there is one, as the value's exemplar. */
  exemplify(series: S, value: number, trace: ActiveTrace | undefined): void {
    if (trace === undefined || this.excluded) return;
    this.#exemplars ??= new ExemplarStore(this.#host, this.metric);
    this.#exemplars.store(series, value, trace);
  }

  #miss(values: readonly string[]): S {
    if (this.#noop !== undefined) return this.#noop;
    const { name, labels } = this.#descriptor;
    if (values.length !== labels.length) {
      const expected = `${labels.length}${labels.length > 0 ? `: ${labels.join(', ')}` : ''}`;
      throw new InvalidValueError(name, `${values.length} label value${values.length === 1 ? '' : 's'}`, expected);
    }
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
    // Without room even for this one, what is recorded is lost rather than the call it measures.
    const series =
      this.#tree.find(values) ?? this.#add(values) ?? new this.seriesClass(this.#descriptor, unreadSlice(count));
    series.isOverflow = true;
    return series;
  }

  /** Undefined when there is no more room for series. */
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
    this.#tree.add(values, series);
    this.#all.push(series);
    return series;
  }

  /** Undefined when there is no more room. */
  #publishResetTime(): CellSlice | undefined {
    return this.#host.allocate(1, (cell) => ({ type: 'reset', metric: this.metric, cell }));
  }

  // What prom-client asks of a metric object. Its OpenMetrics scrape assigns `name` before it calls `get`; that
  // name is handed back once by the `get` that follows, and the instrument's own name never changes.

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
    return this.#descriptor.kind === 'info' ? 'gauge' : this.#descriptor.kind;
  }

  /** The metric and its values now, in prom-client's shape. */
  async get(): Promise<PromClientMetric> {
    this.prepareRead();
    const name = this.#scrapedAs ?? this.name;
    this.#scrapedAs = undefined;
    return toPromClientMetric(this, name);
  }
}

/** Cells that no reader sees. */
function unreadSlice(count: number): CellSlice {
  return { page: new Float64Array(FIRST_SERIES_CELL + count), offset: FIRST_SERIES_CELL };
}

/** Whether a metric of a registry is one of ours, from whichever copy of the package. Never throws, also for a Proxy. */
export function isInstrument(metric: unknown): metric is Instrument {
  try {
    return typeof metric === 'object' && metric !== null && (metric as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false;
  }
}

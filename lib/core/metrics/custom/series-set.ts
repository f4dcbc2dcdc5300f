import { type CellSlice, WRITES_CELL } from '../cells.js';
import type { WritableDescriptor } from '../descriptor.js';
import { LabelTree } from '../label-tree.js';
import { OVERFLOW_LABEL_VALUE } from '../label-value.js';
import type { LabelledExemplar } from '../labelled-exemplar.js';
import { valuesPerSeries } from '../series.js';
import { registry as sharedRegistry } from '../shared-registry.js';
import type { BoundSeries } from './bound-series.js';
import { servedExemplar } from './exemplar.js';
import { type GivenLabels, isLabels, labelsFromArguments, valuesInOrder, valuesOf } from './label-values.js';
import { PrivateStorage, type SeriesStorage } from './series-storage.js';

/** Options of a set of series. */
export interface SeriesSetOptions<Bound> {
  /** Returns the declaration of the metric. */
  readonly descriptor: () => WritableDescriptor;
  /** Maximum number of label sets; default `maxSeriesPerMetric` of the configuration. */
  readonly maxSeries: number | undefined;
  /** Creates a series without cells. */
  readonly create: (labelValues: readonly string[], given: GivenLabels) => Bound;
}

/**
 * The series of a metric, by labels.
 *
 * At most `maxSeries` label sets have their own series. Further label sets share the overflow series, whose label
 * values are all `other`. New label sets use the overflow series until a reset or its removal, even if other series are
 * removed. So `inc` and `dec` of a gauge with the same labels change the same series.
 */
export class SeriesSet<Bound extends BoundSeries> {
  #tree = new LabelTree<Bound>();
  readonly #all = new Set<Bound>();
  /** The cells of the series that a reset removes after the current synchronous code (see `clear`). */
  #leaving: LabelTree<CellSlice> | undefined;
  #overflow: Bound | undefined;
  #storage: SeriesStorage;

  constructor(private readonly options: SeriesSetOptions<Bound>) {
    this.#storage = new PrivateStorage(options.descriptor());
  }

  /** All series with cells, in the order in which they got them. */
  get all(): ReadonlySet<Bound> {
    return this.#all;
  }

  /**
   * Returns the series for the arguments of `labels`: values in order, or an object. The series may have no cells yet.
   *
   * @throws {Error} if a label is unknown or the number of values is wrong.
   */
  bind(given: readonly unknown[]): Bound {
    const { labels: names } = this.options.descriptor();
    const [first] = given;
    const values = isLabels(first) ? valuesOf(names, first) : valuesInOrder(names, given);
    return this.#tree.find(values) ?? this.options.create(values, { ...labelsFromArguments(names, given) });
  }

  /** Returns the series with these labels, with cells. @throws {Error} if a label is unknown. */
  get(labels: GivenLabels): Bound {
    const values = valuesOf(this.options.descriptor().labels, labels);
    return this.#tree.find(values) ?? this.#open(this.options.create(values, { ...labels }));
  }

  /** Returns the series that records the values of a series without cells. */
  reopen(series: Bound): Bound {
    return this.#tree.find(series.labelValues) ?? this.#open(series);
  }

  /** Removes the series with these labels, if there is one. @throws {Error} if a label is unknown. */
  remove(labels: GivenLabels): void {
    const series = this.#tree.find(valuesOf(this.options.descriptor().labels, labels));
    if (series !== undefined) this.#remove(series);
  }

  /**
   * Gives the series with these labels new cells with zeros, or creates the series. Existing label sets don't change to
   * the overflow series, even if the limit is reached.
   *
   * @throws {Error} if a label is unknown.
   */
  renew(labels: GivenLabels): void {
    const series = this.#tree.find(valuesOf(this.options.descriptor().labels, labels));
    const isOverflow = series !== undefined && series === this.#overflow;
    if (series !== undefined) this.#remove(series);
    if (series === undefined || !this.#add(series)) this.get(labels);
    else if (isOverflow) this.#overflow = series;
  }

  /**
   * Removes all series.
   *
   * Readers of shared memory see the removal in a microtask, after the current synchronous code. A series that gets a
   * value before that keeps its cells. So if an application resets a metric and fills it again without an `await`, no
   * scrape misses series.
   */
  clear(): void {
    const { kind } = this.options.descriptor();
    if (this.#all.size > 0 && kind !== 'gauge') this.#storage.updateCreationTime();
    if (this.#leaving === undefined) {
      this.#leaving = new LabelTree();
      queueMicrotask(() => this.#removeLeaving());
    }
    for (const series of this.#all) {
      this.#leaving.add(series.labelValues, series.cells!);
      series.removeCells();
    }
    // An overflow series without shared memory is not in the set of all series.
    if (this.#overflow?.isLive) this.#overflow.removeCells();
    this.#all.clear();
    this.#tree = new LabelTree();
    this.#overflow = undefined;
  }

  /** Sets all series to zero and updates their creation time. */
  zero(): void {
    for (const series of this.#all) {
      this.#storage.clear(series.cells!);
      this.#setCells(series, series.cells!);
      series.exemplars = undefined;
      this.#storage.clearExemplars(series.cells!);
    }
    // Without memory, the overflow series is not among all series. There may be memory now.
    if (this.#overflow !== undefined && !this.#all.has(this.#overflow)) this.#overflow = undefined;
    this.#storage.updateCreationTime();
  }

  /** Stores an exemplar of a value that was recorded in a series. `index` is the bucket of a histogram, or 0. */
  storeExemplar(series: Bound, index: number, exemplar: LabelledExemplar): void {
    series.exemplars ??= [];
    series.exemplars[index] = exemplar;
    this.#storage.exemplarSlot(series.cells!, index)?.store(servedExemplar(exemplar));
  }

  /** Moves all series to another memory. Their creation time is then the current time. */
  moveTo(storage: SeriesStorage): void {
    this.#removeLeaving();
    const previous = this.#storage;
    const count = valuesPerSeries(this.options.descriptor());
    this.#storage = storage;
    for (const series of this.#all) {
      const values = series.page.slice(series.offset, series.offset + count);
      const native = series.native?.read();
      const cells = storage.add(series.labelValues);
      previous.remove(series.cells!);
      if (cells === undefined) this.#setPrivateCells(series);
      else this.#setCells(series, cells);
      if (native !== undefined) series.native?.set(native);
      series.page.set(values, series.offset);
      series.page[WRITES_CELL]! += 1;
      series.exemplars?.forEach((exemplar, index) => {
        if (exemplar !== undefined) this.storeExemplar(series, index, exemplar);
      });
    }
    previous.close();
  }

  #open(series: Bound): Bound {
    const { maxSeries = sharedRegistry.memory.maxSeriesPerMetric } = this.options;
    const hasRoom = this.#overflow === undefined && this.#all.size < maxSeries;
    if (hasRoom && this.#add(series)) return series;
    sharedRegistry.memory.countOverflow(this.options.descriptor().name);
    this.#overflow ??= this.#overflowSeries();
    return this.#overflow;
  }

  #overflowSeries(): Bound {
    const { labels } = this.options.descriptor();
    const values = labels.map(() => OVERFLOW_LABEL_VALUE);
    const known = this.#tree.find(values);
    if (known !== undefined) return known;
    const series = this.options.create(
      values,
      Object.fromEntries(labels.map((label) => [label, OVERFLOW_LABEL_VALUE])),
    );
    // Without memory even for this series, the value is lost. The call of the application must not fail.
    if (!this.#add(series)) this.#setPrivateCells(series);
    return series;
  }

  /** Returns false if there is no memory for the series. */
  #add(series: Bound): boolean {
    const cells = this.#reopen(series.labelValues) ?? this.#storage.add(series.labelValues);
    if (cells === undefined) return false;
    this.#setCells(series, cells);
    series.initialize();
    this.#tree.add(series.labelValues, series);
    this.#all.add(series);
    return true;
  }

  #remove(series: Bound): void {
    this.#tree.delete(series.labelValues);
    this.#all.delete(series);
    this.#storage.remove(series.cells!);
    series.removeCells();
    if (series === this.#overflow) this.#overflow = undefined;
  }

  /** Sets the cells of a series to zero and returns them, if a reset has not removed them yet. */
  #reopen(labelValues: readonly string[]): CellSlice | undefined {
    const cells = this.#leaving?.delete(labelValues);
    if (cells === undefined) return undefined;
    this.#storage.clear(cells);
    this.#storage.clearExemplars(cells);
    return cells;
  }

  #removeLeaving(): void {
    for (const [, cells] of this.#leaving?.entries() ?? []) this.#storage.remove(cells);
    this.#leaving = undefined;
  }

  #setCells(series: Bound, cells: CellSlice): void {
    series.setCells(cells, this.#storage.recorderFor(cells));
  }

  #setPrivateCells(series: Bound): void {
    const storage = new PrivateStorage(this.options.descriptor());
    const cells = storage.add();
    series.setCells(cells, storage.recorderFor(cells));
  }
}

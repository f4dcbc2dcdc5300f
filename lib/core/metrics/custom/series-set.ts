import { WRITES_CELL } from '../cells.js';
import type { WritableDescriptor } from '../descriptor.js';
import { LabelTree } from '../label-tree.js';
import { OVERFLOW_LABEL_VALUE } from '../label-value.js';
import type { LabelledExemplar } from '../labelled-exemplar.js';
import { cellsPerSeries } from '../series.js';
import { registry as sharedRegistry } from '../shared-registry.js';
import type { BoundSeries } from './bound-series.js';
import { servedExemplar } from './exemplar.js';
import { type GivenLabels, isLabels, labelsFromArguments, valuesInOrder, valuesOf } from './label-values.js';
import { PrivateStorage, type SeriesStorage } from './series-storage.js';

/**
 * The series of a metric, by labels.
 *
 * At most `maxSeriesPerMetric` label sets have their own series. Any further label set shares the overflow series, whose
 * label values are all `other`. Until a reset, this stays so even if series are removed: `inc` and `dec` of a gauge must
 * always change the same series.
 */
export class SeriesSet<Bound extends BoundSeries> {
  readonly #tree = new LabelTree<Bound>();
  readonly #all = new Set<Bound>();
  #overflow: Bound | undefined;
  #storage: SeriesStorage;

  /** @param create Creates a series without cells. */
  constructor(
    private readonly descriptor: WritableDescriptor,
    private readonly create: (labelValues: readonly string[], given: GivenLabels) => Bound,
  ) {
    this.#storage = new PrivateStorage(descriptor);
  }

  /** All series with cells, in the order in which they got them. */
  get all(): ReadonlySet<Bound> {
    return this.#all;
  }

  /**
   * Returns the series for the arguments of `labels`: values in order, or an object. It may have no cells yet.
   *
   * @throws {Error} if a label is unknown or the number of values is wrong.
   */
  bind(given: readonly unknown[]): Bound {
    const { labels: names } = this.descriptor;
    const [first] = given;
    const values = isLabels(first) ? valuesOf(names, first) : valuesInOrder(names, given);
    return this.#tree.find(values) ?? this.create(values, { ...labelsFromArguments(names, given) });
  }

  /** Returns the series with these labels, with cells. @throws {Error} if a label is unknown. */
  get(labels: GivenLabels): Bound {
    const values = valuesOf(this.descriptor.labels, labels);
    return this.#tree.find(values) ?? this.#open(this.create(values, { ...labels }));
  }

  /** Returns the series that records the values of a series without cells. */
  reopen(series: Bound): Bound {
    return this.#tree.find(series.labelValues) ?? this.#open(series);
  }

  /** Removes the series with these labels, if there is one. @throws {Error} if a label is unknown. */
  remove(labels: GivenLabels): void {
    const series = this.#tree.find(valuesOf(this.descriptor.labels, labels));
    if (series !== undefined) this.#remove(series);
  }

  /**
   * Replaces the series with these labels by a new one, or creates it. An existing series stays, even if the limit is
   * reached.
   *
   * @throws {Error} if a label is unknown.
   */
  renew(labels: GivenLabels): void {
    const series = this.#tree.find(valuesOf(this.descriptor.labels, labels));
    const isOverflow = series !== undefined && series === this.#overflow;
    if (series !== undefined) this.#remove(series);
    if (series === undefined || !this.#add(series)) this.get(labels);
    else if (isOverflow) this.#overflow = series;
  }

  /** Removes all series. */
  clear(): void {
    for (const series of [...this.#all]) this.#remove(series);
    this.#overflow = undefined;
  }

  /** Sets all series to zero and updates their creation time. */
  zero(): void {
    const count = cellsPerSeries(this.descriptor);
    for (const series of this.#all) {
      series.page.fill(0, series.offset, series.offset + count);
      series.page[WRITES_CELL]! += 1;
      series.exemplars = undefined;
      this.#storage.clearExemplars(series);
    }
    // Without memory, the overflow series is not among all series. There may be memory now.
    if (this.#overflow !== undefined && !this.#all.has(this.#overflow)) this.#overflow = undefined;
    this.#storage.updateCreationTime();
  }

  /** Stores an exemplar of a value that was recorded in a series. `index` is the bucket of a histogram, or 0. */
  storeExemplar(series: Bound, index: number, exemplar: LabelledExemplar): void {
    series.exemplars ??= [];
    series.exemplars[index] = exemplar;
    this.#storage.exemplarSlot(series, index)?.store(servedExemplar(exemplar));
  }

  /** Moves all series to another memory. Their creation time is then the current time. */
  moveTo(storage: SeriesStorage): void {
    const previous = this.#storage;
    const count = cellsPerSeries(this.descriptor);
    this.#storage = storage;
    for (const series of this.#all) {
      const values = series.page.slice(series.offset, series.offset + count);
      const { page, offset } = storage.add(series.labelValues) ?? this.#privateCells();
      page.set(values, offset);
      page[WRITES_CELL]! += 1;
      previous.remove(series);
      series.setCells(page, offset);
      series.exemplars?.forEach((exemplar, index) => {
        if (exemplar !== undefined) this.storeExemplar(series, index, exemplar);
      });
    }
    previous.close();
  }

  #open(series: Bound): Bound {
    const hasRoom = this.#overflow === undefined && this.#all.size < sharedRegistry.maxSeriesPerMetric;
    if (hasRoom && this.#add(series)) return series;
    sharedRegistry.countOverflow(this.descriptor.name);
    this.#overflow ??= this.#overflowSeries();
    return this.#overflow;
  }

  #overflowSeries(): Bound {
    const { labels } = this.descriptor;
    const values = labels.map(() => OVERFLOW_LABEL_VALUE);
    const known = this.#tree.find(values);
    if (known !== undefined) return known;
    const series = this.create(values, Object.fromEntries(labels.map((label) => [label, OVERFLOW_LABEL_VALUE])));
    if (!this.#add(series)) {
      // Without memory even for this series, the value is lost. The call of the application must not fail.
      const { page, offset } = this.#privateCells();
      series.setCells(page, offset);
    }
    return series;
  }

  /** Returns false if there is no memory for the series. */
  #add(series: Bound): boolean {
    const slice = this.#storage.add(series.labelValues);
    if (slice === undefined) return false;
    series.setCells(slice.page, slice.offset);
    this.#tree.add(series.labelValues, series);
    this.#all.add(series);
    return true;
  }

  #remove(series: Bound): void {
    this.#tree.delete(series.labelValues);
    this.#all.delete(series);
    this.#storage.remove(series);
    series.removeCells();
    if (series === this.#overflow) this.#overflow = undefined;
  }

  #privateCells() {
    return new PrivateStorage(this.descriptor).add();
  }
}

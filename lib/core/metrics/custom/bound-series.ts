import type { CellSlice } from '../cells.js';
import type { LabelledExemplar } from '../labelled-exemplar.js';
import type { NativeRecorder } from '../native/native-recorder.js';
import type { GivenLabels } from './label-values.js';

const NO_CELLS = new Float64Array(0);

/** The part of a series from which `get` creates its result. */
export interface SeriesState {
  readonly page: Float64Array;
  readonly offset: number;
  readonly given: GivenLabels;
  readonly exemplars: readonly (LabelledExemplar | undefined)[] | undefined;
}

/**
 * One label set of a metric, as `labels()` returns it.
 *
 * The first value of the series allocates its cells, unless another series records the value (see `liveSeries`).
 * Removing the series from the metric frees the cells. The next value then allocates new cells.
 */
export abstract class BoundSeries {
  /** @internal The values in the order of the metric's label names. */
  readonly labelValues: readonly string[];
  /** @internal The labels as the application passed them. */
  readonly given: GivenLabels;
  /** @internal The cells as the storage returned them. */
  cells: CellSlice | undefined;
  /** @internal */
  page: Float64Array = NO_CELLS;
  /** @internal */
  offset = 0;
  /** @internal Whether it has cells. */
  isLive = false;
  /** @internal The latest exemplars, by bucket. */
  exemplars: (LabelledExemplar | undefined)[] | undefined;
  /** The series that records the values of this one. It is used only while it has cells. */
  #substitute: this | undefined;

  /** @internal */
  constructor(labelValues: readonly string[], given: GivenLabels) {
    this.labelValues = labelValues;
    this.given = given;
  }

  /** @internal The recorder of the native histogram, if there is one. */
  get native(): NativeRecorder | undefined {
    return undefined;
  }

  /** @internal Sets the cells, and the recorder of the native histogram. */
  setCells(cells: CellSlice, _native?: NativeRecorder): void {
    this.cells = cells;
    this.page = cells.page;
    this.offset = cells.offset;
    this.isLive = true;
  }

  /** @internal Writes the initial values to new cells, which are zero. */
  initialize(): void {}

  /** @internal Removes the cells and the exemplars. */
  removeCells(): void {
    this.cells = undefined;
    this.page = NO_CELLS;
    this.offset = 0;
    this.isLive = false;
    this.exemplars = undefined;
  }

  /**
   * Returns the series that records the values of this one: this series with new cells, another series with the same
   * labels, or the series `other`.
   *
   * @internal
   */
  liveSeries(): this {
    if (this.#substitute?.isLive === true) return this.#substitute;
    const live = this.openSeries() as this;
    this.#substitute = live === this ? undefined : live;
    return live;
  }

  /** @internal Returns the metric's live series with the labels of this one. */
  protected abstract openSeries(): BoundSeries;
}

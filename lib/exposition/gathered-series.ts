import type { CellSlice } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import type { ExemplarSlots } from '../metrics/exemplar-slots.js';
import { cellsPerSeries } from '../metrics/series.js';
import type { Exemplar, ReadableSeries } from './family.js';
import type { DefaultLabels } from './foreign-metric.js';
import { GatheredExemplars } from './gathered-exemplars.js';
import { writeLabels } from './label-text.js';

/** A series of one or more segments, added up. */
export class GatheredSeries implements ReadableSeries {
  #labelText: string | undefined;
  #writtenWith: DefaultLabels | undefined;
  /** The one segment there usually is, and its slice; further ones are in `#more`. */
  #segment: number | undefined;
  #page: Float64Array | undefined;
  #offset = 0;
  #more: Map<number, CellSlice> | undefined;
  /** What the segments left that are no longer there. */
  #residue: Float64Array | undefined;
  #exemplars: GatheredExemplars | undefined;

  constructor(
    private readonly descriptor: Descriptor,
    readonly labelValues: readonly string[],
    private readonly defaultLabels: () => DefaultLabels,
    readonly createdSeconds: number,
  ) {}

  /** Written once, and again only when the default labels are others. */
  get labelText(): string {
    const defaults = this.defaultLabels();
    if (this.#labelText === undefined || this.#writtenWith !== defaults) {
      this.#labelText = writeLabels(this.descriptor, this.labelValues, defaults);
      this.#writtenWith = defaults;
    }
    return this.#labelText;
  }

  cell(index: number): number {
    const first = this.#page?.[this.#offset + index];
    if (this.#more === undefined && this.#residue === undefined) return first ?? 0;
    if (this.descriptor.kind === 'info') return 1;
    // Where the first segment is gone there is no number of its to be the highest.
    let value = this.#residue === undefined ? first : (first ?? 0) + this.#residue[index]!;
    for (const { page, offset } of this.#more?.values() ?? []) {
      const other = page[offset + index] ?? 0;
      if (value === undefined) value = other;
      else value = this.descriptor.aggregation === 'max' ? Math.max(value, other) : value + other;
    }
    return value ?? 0;
  }

  /** The latest exemplar of a counter or bucket that any thread has. */
  exemplar(index: number): Exemplar | undefined {
    return this.#exemplars?.latest(index);
  }

  /** Adds the exemplars a segment has of the series. */
  addExemplars(segment: number, slots: ExemplarSlots): void {
    this.#exemplars ??= new GatheredExemplars();
    this.#exemplars.add(segment, slots);
  }

  /** The cells of the segment that was there first. */
  get leadingSlice(): CellSlice | undefined {
    return this.#page === undefined ? undefined : { page: this.#page, offset: this.#offset };
  }

  /** Adds what a segment has of the series. */
  add(segment: number, slice: CellSlice): void {
    if (this.#segment === undefined || this.#segment === segment) {
      this.#segment = segment;
      this.#page = slice.page;
      this.#offset = slice.offset;
    } else {
      this.#more ??= new Map();
      this.#more.set(segment, slice);
    }
  }

  /**
   * Takes a segment away whose thread has ended: its counts stay, its gauges go.
   *
   * Returns whether anything of the series is left.
   */
  retire(segment: number): boolean {
    this.#exemplars?.retire(segment);
    if (this.#segment === segment && this.#page !== undefined) {
      this.#keep({ page: this.#page, offset: this.#offset });
      this.#segment = undefined;
      this.#page = undefined;
    }
    const slice = this.#more?.get(segment);
    if (slice !== undefined) {
      this.#keep(slice);
      this.#more?.delete(segment);
    }
    return this.#segment !== undefined || (this.#more?.size ?? 0) > 0 || this.#residue !== undefined;
  }

  #keep({ page, offset }: CellSlice): void {
    if (this.descriptor.kind === 'gauge' || this.descriptor.kind === 'info') return;
    const count = cellsPerSeries(this.descriptor);
    this.#residue ??= new Float64Array(count);
    for (let index = 0; index < count; index++) this.#residue[index]! += page[offset + index]!;
  }
}

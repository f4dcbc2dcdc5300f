import type { Exemplar, ReadableSeries } from '../formats/family.js';
import type { LabelWriter } from '../formats/label-text.js';
import { saturated } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import type { GatheredExemplars } from './gathered-exemplars.js';
import type { SeriesPart } from './series-part.js';

/** What a gathered series is read from. */
export interface GatheredFacts {
  readonly descriptor: Descriptor;
  readonly writeLabels: LabelWriter;
  /** When its metric was last set back to zero, in Unix seconds; 0 for never. */
  readonly resetSeconds: number;
  readonly first: SeriesPart;
  /** What further segments have of it. */
  readonly more: readonly SeriesPart[];
  readonly exemplars: GatheredExemplars | undefined;
}

/** A series of one or more segments, added up as they are now; made for each reading and not kept. */
export class GatheredSeries implements ReadableSeries {
  constructor(private readonly facts: GatheredFacts) {}

  get labelValues(): readonly string[] {
    return this.facts.first.told.labelValues;
  }

  get labelText(): string {
    return this.facts.writeLabels(this.labelValues);
  }

  get createdSeconds(): number {
    const { first, more, resetSeconds } = this.facts;
    const began = Math.min(first.told.createdSeconds, ...more.map(({ told }) => told.createdSeconds));
    return Math.max(began, resetSeconds);
  }

  cell(index: number): number {
    const { first, more, descriptor } = this.facts;
    let value = first.page[first.offset + index]!;
    for (const { page, offset } of more) {
      const other = page[offset + index]!;
      // A fact is stated once, however many state it.
      const isHighest = descriptor.aggregation === 'max' || descriptor.kind === 'info';
      value = isHighest ? Math.max(value, other) : value + other;
    }
    const isTotal = descriptor.kind === 'counter' || descriptor.kind === 'histogram';
    return isTotal && more.length > 0 ? saturated(value) : value;
  }

  /** The latest exemplar of a counter or bucket that any thread has. */
  exemplar(index: number): Exemplar | undefined {
    return this.facts.exemplars?.latest(index);
  }
}

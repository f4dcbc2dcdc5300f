import type { SeriesPart } from './series-part.js';

/** An iteration over the rows of a family. */
export interface RowIteration {
  /** The next row. */
  row: number;
  /** The number of rows that existed at the start, without those that were compacted since. */
  end: number;
  /** Series that were removed before the iteration reached them. */
  readonly removed: SeriesPart[];
}

/** The iterations in progress over the rows of a family. In their pauses, rows can be removed and moved. */
export class RowIterations {
  readonly #running = new Set<RowIteration>();

  /** Starts an iteration over the existing rows. */
  begin(count: number): RowIteration {
    const iteration: RowIteration = { row: 0, end: count, removed: [] };
    this.#running.add(iteration);
    return iteration;
  }

  /** Ends an iteration. */
  end(iteration: RowIteration): void {
    this.#running.delete(iteration);
  }

  /** A row is removed. `part` contains its last values. */
  remove(row: number, part: SeriesPart): void {
    for (const iteration of this.#running) {
      if (row >= iteration.row && row < iteration.end) iteration.removed.push(part);
    }
  }

  /** Only these rows remain, in this order. */
  keepOnly(rows: readonly number[]): void {
    for (const iteration of this.#running) {
      const [row, end] = [iteration.row, iteration.end].map((bound) => rows.filter((one) => one < bound).length);
      Object.assign(iteration, { row, end });
    }
  }
}

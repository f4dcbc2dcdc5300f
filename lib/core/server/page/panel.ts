import type { History } from './history.js';
import type { Cells } from './latency-cells.js';
import type { Unit } from './readable.js';

/** One line of a panel; null where nothing is known. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What a panel shows at the moment. */
export interface Picture {
  /** Unix seconds, one for each value of a line. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Drawn below the lines, over a logarithmic axis; of the shape `heat` alone. */
  readonly cells?: Cells;
  /** The one figure that says most. */
  readonly headline: string;
  /** What the whole of it is, since the target's process began. */
  readonly total: string;
}

/** One of the panels that are recommended, as data. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** One line that says what is drawn. */
  readonly description: string;
  readonly unit: Unit;
  readonly shape: 'line' | 'area' | 'steps' | 'heat';
  /** Said in place of empty axes. */
  readonly nothing: string;
  /** Undefined while there is nothing to draw. */
  readonly picture: (history: History) => Picture | undefined;
}

import type { Cells } from './cells.js';
import type { Unit } from './format-value.js';
import type { History } from './history.js';

/** One line of a panel. A value is null if it is unknown. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** The data that a panel shows. */
export interface PanelData {
  /** The times of the values of each line, in Unix seconds. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Cells behind the lines, on a logarithmic axis; only for the shape `heat`. */
  readonly cells?: Cells;
  /** The most important value. */
  readonly headline: string;
  /** A short text after the headline. In most panels, it contains the total since the process of the target started. */
  readonly total: string;
}

/** The definition of a panel. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** One line that explains the chart. */
  readonly description: string;
  readonly unit: Unit;
  readonly shape: 'line' | 'area' | 'steps' | 'heat';
  /** Shown instead of a chart while there is no data. */
  readonly emptyText: string;
  /** Returns `undefined` while there is no data. */
  readonly data: (history: History) => PanelData | undefined;
}

import type { CellSlice } from '../metrics/cells.js';
import type { SeriesRecord } from '../metrics/series-record.js';

/** The cells of a series in one segment, or the sum of the cells of removed segments. */
export interface SeriesPart extends CellSlice {
  readonly record: Pick<SeriesRecord, 'labelValues' | 'createdSeconds'>;
}

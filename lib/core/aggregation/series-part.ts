import type { CellSlice } from '../metrics/cells.js';
import type { SeriesRecord } from '../metrics/series-record.js';

/** What one segment has of a series, or what those have left that are no longer there. */
export interface SeriesPart extends CellSlice {
  readonly told: Pick<SeriesRecord, 'labelValues' | 'createdSeconds'>;
}

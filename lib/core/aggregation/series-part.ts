import type { CellSlice } from '../metrics/cells.js';
import type { LabelBytes, SeriesRecord } from '../metrics/series-record.js';

/** The cells of a series in one segment, or the sum of the cells of removed segments. */
export interface SeriesPart extends CellSlice {
  readonly record: Pick<SeriesRecord, 'labelValues' | 'createdSeconds'> & {
    /** The label values as bytes, if they are in a segment. */
    readonly labelBytes?: LabelBytes;
  };
}

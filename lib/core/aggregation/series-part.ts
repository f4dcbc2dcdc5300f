import type { CellSlice } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import type { NativeHistogram } from '../metrics/native/native-histogram.js';
import { readNative } from '../metrics/native/read-native.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import { nativeHeaderOf } from '../metrics/series.js';
import type { LabelBytes, SeriesRecord } from '../metrics/series-record.js';

/** The cells of a series in one segment, or the sum of the cells of removed segments. */
export interface SeriesPart extends CellSlice {
  readonly record: Pick<SeriesRecord, 'labelValues' | 'createdSeconds'> & {
    /** The label values as bytes, if they are in a segment. */
    readonly labelBytes?: LabelBytes;
  };
  /** The segment of the cells. Undefined for a sum. */
  readonly segment?: SegmentReader;
  /** The native histogram of a sum. */
  readonly native?: NativeHistogram | undefined;
}

/**
 * Reads the native histogram of a part. Returns `undefined` if it has none, or if it can't be read now.
 *
 * @param isEnded Whether the writer has ended.
 */
export function nativeOf(part: SeriesPart, descriptor: Descriptor, isEnded = false): NativeHistogram | undefined {
  const { segment, native } = part;
  const { native: settings } = descriptor;
  if (segment === undefined || settings === undefined) return native;
  const { page, offset } = nativeHeaderOf(descriptor, part);
  const views = segment.views(page.byteOffset / Float64Array.BYTES_PER_ELEMENT);
  return readNative({ views, offset }, { settings, pages: segment, isEnded });
}

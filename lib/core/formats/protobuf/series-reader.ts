import type { Descriptor } from '../../metrics/descriptor.js';
import { exemplarsPerSeries } from '../../metrics/series.js';
import type { ReadableSeries } from '../family.js';
import { isUnsigned } from './counts.js';
import { encodeExemplar } from './exemplars.js';
import { HistogramMessage } from './histogram-message.js';
import { nativeCount } from './native-fields.js';
import { SummaryMessage } from './summary-message.js';
import { CounterMessage, ValueMessage } from './value-messages.js';
import type { ValuesMessage } from './values-message.js';

/** Reads the values of a series. Returns the message with them, or undefined if the series is omitted. */
export type SeriesReader = (series: ReadableSeries) => ValuesMessage | undefined;

/** Creates the reader for the series of a metric. All its messages are the same object. */
export function seriesReader(descriptor: Descriptor): SeriesReader {
  const { kind, buckets } = descriptor;
  switch (kind) {
    case 'histogram':
      return histogramReader(descriptor);
    case 'summary':
      return summaryReader(buckets);
    case 'counter':
      return counterReader();
    case 'info':
      return infoReader();
    default:
      return gaugeReader();
  }
}

function gaugeReader(): SeriesReader {
  const message = new ValueMessage('gauge');
  return (series) => {
    message.value = series.cell(0);
    return message;
  };
}

/** A series with the value 0 is omitted, as in the other formats. */
function infoReader(): SeriesReader {
  const message = new ValueMessage('gauge');
  message.value = 1;
  return (series) => (series.cell(0) === 0 ? undefined : message);
}

function counterReader(): SeriesReader {
  const message = new CounterMessage();
  return (series) => {
    message.value = series.cell(0);
    message.createdSeconds = series.createdSeconds;
    const exemplar = series.exemplar?.(0);
    message.exemplar = exemplar && encodeExemplar(exemplar);
    return message;
  };
}

/** A summary's count must be an unsigned integer. A series with another count is omitted. */
function summaryReader(quantiles: readonly number[]): SeriesReader {
  const message = new SummaryMessage();
  const { length } = quantiles;
  message.quantiles = quantiles;
  return (series) => {
    for (let index = 0; index < length; index++) message.values[index] = series.cell(index);
    message.count = series.cell(length);
    message.sum = series.cell(length + 1);
    message.createdSeconds = series.createdSeconds;
    return isUnsigned(message.count) ? message : undefined;
  };
}

function histogramReader(descriptor: Descriptor): SeriesReader {
  const message = new HistogramMessage([...descriptor.buckets, Number.POSITIVE_INFINITY]);
  const exemplarCount = exemplarsPerSeries(descriptor);
  const { counts } = message;
  const { length } = counts;
  return (series) => {
    let count = 0;
    for (let index = 0; index < length; index++) {
      count += series.cell(index);
      counts[index] = count;
    }
    message.sum = series.cell(length);
    message.createdSeconds = series.createdSeconds;
    message.native = series.native?.();
    if (message.native !== undefined) count = limitCounts(counts, nativeCount(message.native));
    message.count = count;
    readExemplars(series, message, exemplarCount);
    return message;
  };
}

/** Limits the cumulative counts to the count of the native histogram, and returns it. The last one becomes equal. */
function limitCounts(counts: Float64Array, total: number): number {
  for (let index = 0; index < counts.length; index++) {
    if (counts[index]! > total) counts[index] = total;
  }
  counts[counts.length - 1] = total;
  return total;
}

function readExemplars(series: ReadableSeries, message: HistogramMessage, count: number): void {
  if (message.exemplars.length > 0) message.exemplars = [];
  for (let index = 0; index < count; index++) {
    const exemplar = series.exemplar?.(index);
    const encoded = exemplar && encodeExemplar(exemplar);
    if (encoded !== undefined) message.exemplars[index] = encoded;
  }
}

import type { ForeignFamily } from '../../metrics/foreign-data.js';
import { type ForeignSample, seriesKey } from '../../metrics/foreign-series.js';
import { samplesPerYield } from '../../metrics/slices.js';
import { foreignLabels } from '../foreign-labels.js';
import type { Escaping } from '../format.js';
import { isUnsigned } from './counts.js';
import { type EncodedExemplar, encodeExemplar } from './exemplars.js';
import { beginFamily } from './family-header.js';
import { HistogramMessage } from './histogram-message.js';
import { encodeLabels } from './label-pairs.js';
import type { MessageBuffer } from './message-buffer.js';
import { MetricFrame } from './metric-frame.js';
import { SummaryMessage } from './summary-message.js';
import { CounterMessage, ValueMessage } from './value-messages.js';
import type { ValuesMessage } from './values-message.js';

/**
 * Writes a foreign metric as a `MetricFamily`. A metric without series is omitted. Yields regularly, so that the work
 * can be divided into slices.
 *
 * @returns the number of omitted series: their labels are equal to those of another series, or protobuf can't represent
 * their values.
 */
export function* writeForeignFamily(
  buffer: MessageBuffer,
  { name, help, type, samples }: ForeignFamily,
  escaping: Escaping,
): Generator<void, number, void> {
  const labelsOf = yield* foreignLabels(samples, escaping, () => {});
  let omitted = 0;
  const frame = new MetricFrame(buffer);
  beginFamily(buffer, { name, help, type });
  let isEmpty = true;
  let sliceEnd = samplesPerYield;
  for (let start = 0, end = 0; start < samples.length; start = end) {
    end = seriesEnd(samples, start);
    if (end >= sliceEnd) {
      yield;
      sliceEnd = end + samplesPerYield;
    }
    const labels = labelsOf(samples[start]!.labels);
    const values = labels && messageOf(type, samples.slice(start, end));
    if (labels === undefined || values === undefined) {
      omitted++;
      continue;
    }
    isEmpty = false;
    const encoded = encodeLabels(labels);
    frame.write({ maxBytes: encoded.length, write: (target) => target.copy(encoded) }, values);
  }
  if (isEmpty) buffer.cancelFamily();
  else buffer.endFamily();
  return omitted;
}

/** The samples of a series are contiguous. Returns the index after the last sample of the series. */
function seriesEnd(samples: readonly ForeignSample[], start: number): number {
  const first = samples[start]!;
  let end = start + 1;
  if (first.suffix === '' && first.point === undefined) return end;
  const key = seriesKey(first.labels);
  while (end < samples.length && seriesKey(samples[end]!.labels) === key) end++;
  return end;
}

/** Returns undefined if protobuf can't represent the series: a summary whose count is not an unsigned integer. */
function messageOf(type: string, samples: readonly ForeignSample[]): ValuesMessage | undefined {
  if (type === 'histogram') return histogramOf(samples);
  if (type === 'summary') return summaryOf(samples);
  const { value, exemplar } = samples[0]!;
  if (type === 'counter') {
    const message = new CounterMessage();
    message.value = value;
    message.exemplar = exemplar && encodeExemplar(exemplar);
    return message;
  }
  const message = new ValueMessage(type === 'gauge' ? 'gauge' : 'untyped');
  message.value = value;
  return message;
}

/** Without a count and a sum, the count is that of the last bucket, and the sum is NaN. */
function histogramOf(samples: readonly ForeignSample[]): HistogramMessage {
  const buckets = samples.filter(({ suffix }) => suffix === '_bucket');
  const message = new HistogramMessage(buckets.map(({ point }) => point ?? Number.POSITIVE_INFINITY));
  for (const [index, { value, exemplar }] of buckets.entries()) {
    message.counts[index] = value;
    const encoded: EncodedExemplar | undefined = exemplar && encodeExemplar(exemplar);
    if (encoded !== undefined) message.exemplars[index] = encoded;
  }
  message.count = buckets.at(-1)?.value ?? 0;
  message.sum = valueWith(samples, '_sum') ?? Number.NaN;
  return message;
}

/** Without a sum, the sum is NaN. */
function summaryOf(samples: readonly ForeignSample[]): SummaryMessage | undefined {
  const message = new SummaryMessage();
  const quantiles = samples.filter(({ point }) => point !== undefined);
  message.quantiles = quantiles.map(({ point }) => point!);
  message.values = quantiles.map(({ value }) => value);
  message.count = valueWith(samples, '_count') ?? 0;
  message.sum = valueWith(samples, '_sum') ?? Number.NaN;
  return isUnsigned(message.count) ? message : undefined;
}

function valueWith(samples: readonly ForeignSample[], suffix: ForeignSample['suffix']): number | undefined {
  return samples.find((sample) => sample.suffix === suffix)?.value;
}

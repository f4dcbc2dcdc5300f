import type { MessageBuffer } from './message-buffer.js';
import type { ValuesMessage } from './values-message.js';

/** The labels of a series. */
export interface LabelsMessage {
  /** The maximum size of the labels, in bytes. */
  readonly maxBytes: number;
  /** Writes the labels. Room for `maxBytes` is reserved. */
  write(buffer: MessageBuffer): void;
}

/** Number and wire type of `MetricFamily.metric`. */
const METRIC_TAG = 0x22;
/** Tags and lengths of the two nested messages, and the room in which they are moved. */
const FRAME_BYTES = 32;

/**
 * Writes the series of one metric as `Metric` messages.
 *
 * Series of a metric have similar sizes. So the room for a length is that of the previous series, and is usually right.
 */
export class MetricFrame {
  #metricLengthBytes = 1;
  #valuesLengthBytes = 1;

  constructor(private readonly buffer: MessageBuffer) {}

  /** Writes a series. */
  write(labels: LabelsMessage, values: ValuesMessage): void {
    const { buffer } = this;
    buffer.reserve(FRAME_BYTES + labels.maxBytes + values.maxBytes);
    buffer.bytes[buffer.position++] = METRIC_TAG;
    const metricStart = buffer.open(this.#metricLengthBytes);
    labels.write(buffer);
    buffer.bytes[buffer.position++] = values.tag;
    const valuesStart = buffer.open(this.#valuesLengthBytes);
    values.write(buffer);
    this.#valuesLengthBytes = buffer.close(valuesStart, this.#valuesLengthBytes);
    this.#metricLengthBytes = buffer.close(metricStart, this.#metricLengthBytes);
  }
}

import { isLabelName } from '../exposition-names.js';
import type { LabelledExemplar } from '../labelled-exemplar.js';

/** Maximum total length of the names and values of an exemplar's labels, in UTF-16 code units. */
const MAX_LENGTH = 128;

/** An exemplar in prom-client's format. */
export interface PromClientExemplar {
  readonly labelSet: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/**
 * Creates an exemplar with the current time.
 *
 * @throws {RangeError} with prom-client's text if the labels are too long.
 */
export function createExemplar(labels: Readonly<Record<string, unknown>>, value: number): LabelledExemplar {
  const length = Object.entries(labels).reduce((sum, [name, text]) => sum + `${name}${text}`.length, 0);
  if (length > MAX_LENGTH) throw new RangeError('Label set size must be smaller than 128 UTF-8 chars');
  return { labels: labels as LabelledExemplar['labels'], value, timestampSeconds: Date.now() / 1_000 };
}

/** Returns an exemplar as a scrape contains it: without invalid label names, and with all values as strings. */
export function servedExemplar({ labels, ...rest }: LabelledExemplar): LabelledExemplar {
  const valid = Object.entries(labels).filter(([name]) => isLabelName(name));
  return { labels: Object.fromEntries(valid.map(([name, value]) => [name, String(value).toWellFormed()])), ...rest };
}

/** Converts an exemplar to prom-client's format. */
export function toPromClientExemplar({ labels, value, timestampSeconds }: LabelledExemplar): PromClientExemplar {
  return { labelSet: labels, value, timestamp: timestampSeconds };
}

import { type ForeignFamily, POINT_LABELS } from './foreign-data.js';
import type { ForeignSample } from './foreign-series.js';
import type { ForeignReading } from './read-foreign.js';

/** A metric in the form that prom-client's registry reads. */
export interface StandIn {
  /** prom-client changes the name of counters while it renders OpenMetrics. */
  name: string;
  readonly type: string;
  get(): Promise<object>;
}

/**
 * Creates an object that replaces a foreign metric while prom-client renders it. The object returns the data that was
 * already read, so the metric's `get` isn't called again.
 *
 * A metric without problems keeps the data it returned, so that prom-client's output is unchanged. Returns `undefined`
 * if the metric must be omitted.
 */
export function standInFor({ family, data, isChanged }: ForeignReading, untyped: string): StandIn | undefined {
  if (family === undefined) return undefined;
  const { name, type, samples } = family;
  const original = data as Readonly<Record<string, unknown>>;
  const isOriginal = !isChanged && type !== 'unknown' && original.name === name;
  const exposedType = type === 'unknown' ? untyped : type;
  return {
    name,
    type: exposedType,
    get() {
      const current = isOriginal
        ? original
        : { ...family, type: exposedType, values: samples.map((sample) => toValue(sample, family)) };
      return Promise.resolve({ aggregator: 'sum', ...current, name: this.name });
    },
  };
}

function toValue({ suffix, labels, point, value, exemplar }: ForeignSample, { name, type }: ForeignFamily): object {
  const own = Object.fromEntries(labels);
  const pointText = point === Number.POSITIVE_INFINITY ? '+Inf' : point;
  return {
    labels: point === undefined ? own : { [POINT_LABELS[type] ?? '']: pointText, ...own },
    value,
    ...(suffix !== '' && { metricName: name + suffix }),
    ...(exemplar && {
      exemplar: { labelSet: exemplar.labels, value: exemplar.value, timestamp: exemplar.timestampSeconds },
    }),
  };
}

import { type ForeignFamily, POINT_LABELS } from './foreign-data.js';
import type { ForeignSample } from './foreign-series.js';
import type { ForeignReading } from './read-foreign.js';

/** A metric as prom-client's registry reads it. */
export interface StandIn {
  /** prom-client changes the name of counters while it renders OpenMetrics. */
  name: string;
  readonly type: string;
  get(): Promise<object>;
}

/**
 * Takes the place of a foreign metric while prom-client renders it, so that `get` of the metric isn't called again.
 *
 * A metric without problems keeps the data it returned, so that the output is that of prom-client. `undefined` if the
 * metric must be omitted.
 */
export function standInFor({ family, data, isRepaired }: ForeignReading, untyped: string): StandIn | undefined {
  if (family === undefined) return undefined;
  const { name, type, samples } = family;
  const given = data as Readonly<Record<string, unknown>>;
  const isOriginal = !isRepaired && type !== 'unknown' && given.name === name;
  const shownType = type === 'unknown' ? untyped : type;
  return {
    name,
    type: shownType,
    get() {
      const shown = isOriginal
        ? given
        : { ...family, type: shownType, values: samples.map((sample) => toValue(sample, family)) };
      return Promise.resolve({ aggregator: 'sum', ...shown, name: this.name });
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

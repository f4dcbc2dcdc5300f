import { catalog } from 'tinyllm/catalog';
import type { MonitoringSettings } from '../settings/settings.js';
import type { InputSeries } from './alert-plan.js';

/** How much a counter of a test increases per minute. */
export interface IncreasePerMinute {
  /** In the first ten minutes. */
  readonly first: number;
  /** After that. */
  readonly later: number;
}

/** The requests of a test. */
export interface AnsweredRequests {
  readonly answered: IncreasePerMinute;
  /** The part of the answered requests that finish within the objective. */
  readonly inTime: IncreasePerMinute;
}

/** The values of a counter, in promtool's notation. */
export function counterValues({ first, later }: IncreasePerMinute): string {
  return `0+${rounded(first)}x10 ${rounded(first * 10 + later)}+${rounded(later)}x40`;
}

/** The input series of the latency histogram. A native histogram is one series, a classic one is several. */
export function latencySeries(
  { job, latency: { seconds }, nativeHistograms }: MonitoringSettings,
  { answered, inTime }: AnsweredRequests,
): readonly InputSeries[] {
  const { name } = catalog.requestLatency;
  const labels = `job="${job}",model="m"`;
  if (nativeHistograms !== true) {
    return [
      { series: `${name}_count{${labels}}`, values: counterValues(answered) },
      { series: `${name}_bucket{${labels},le="${seconds}"}`, values: counterValues(inTime) },
    ];
  }
  const after = (firstMinutes: number, laterMinutes: number) => {
    const count = ({ first, later }: IncreasePerMinute) => first * firstMinutes + later * laterMinutes;
    return nativeSample(seconds, { inTime: count(inTime), late: count(answered) - count(inTime) });
  };
  const values = `${after(0, 0)}+${after(1, 0)}x10 ${after(10, 1)}+${after(0, 1)}x40`;
  return [{ series: `${name}{${labels}}`, values }];
}

/** The input series of the latency histogram for five requests in four minutes, all of which take too long. */
export function fewLateRequests({ job, latency: { seconds }, nativeHistograms }: MonitoringSettings): InputSeries {
  const { name } = catalog.requestLatency;
  const labels = `job="${job}",model="m"`;
  if (nativeHistograms !== true) return { series: `${name}_count{${labels}}`, values: fewEvents };
  const late = (count: number) => nativeSample(seconds, { inTime: 0, late: count });
  return { series: `${name}{${labels}}`, values: `${late(0)}+${late(1)}x4 ${late(5)}x30` };
}

/** The values of a counter with five events in the first minutes, in promtool's notation. */
export const fewEvents = '0 1 2 3 4 5x30';

/** The schema of the samples: eight buckets per power of two. */
const schema = 3;

/**
 * A sample of a native histogram in promtool's notation. Bucket `n` contains the values from `2 ** ((n - 1) / 8)` to
 * `2 ** (n / 8)`. The sample has one bucket below the objective and one above it, but none that contains the objective.
 */
function nativeSample(seconds: number, { inTime, late }: { readonly inTime: number; readonly late: number }): string {
  const bucket = Math.floor(Math.log2(seconds) * 2 ** schema);
  const counts = [inTime, 0, late].map(rounded);
  return `{{schema:${schema} count:${rounded(inTime + late)} offset:${bucket} buckets:[${counts.join(' ')}]}}`;
}

/** Removes rounding errors of binary fractions. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

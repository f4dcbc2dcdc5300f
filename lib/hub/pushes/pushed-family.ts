import type { NativeHistogram } from 'tinyllm/server';
import type { Place } from './push-refused.js';
import type { TextType } from './text-families.js';

/** One series of a push. */
export interface PushedSeries {
  /** The labels sorted by name. Equal for equal series. */
  readonly key: string;
  /** The labels in the order in which the client wrote them. */
  readonly labelText: string;
  /**
   * Counter, gauge, untyped: the value. Histogram: the counts of the buckets (not cumulative), including the +Inf
   * bucket, and the sum. Summary: count and sum.
   *
   * NaN in a type that accumulates means that the client sent a number that can't be added.
   */
  readonly numbers: readonly number[];
  /** The quantiles of a summary. */
  readonly quantiles: ReadonlyMap<number, number>;
  /** Creation time in Unix seconds, if the client sends it. */
  readonly created: number | undefined;
  /**
   * The native buckets of a histogram. In a push, they contain as many observations as `numbers`. The stored last
   * values of a pusher keep them while later pushes have none.
   */
  readonly native?: NativeHistogram | undefined;
}

/** One complete and valid metric of a push. */
export interface PushedFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  /** The line of the text, or the number of the protobuf message, where the metric starts. */
  readonly line: number;
  /** The position for error messages; default the line. */
  readonly place?: Place;
  /** The upper bounds of a histogram, without +Inf. */
  readonly bounds: readonly number[];
  /** The series by key. */
  readonly series: ReadonlyMap<string, PushedSeries>;
}

/** The properties of a metric that must be equal in all pushes. */
export type FamilyShape = Pick<PushedFamily, 'name' | 'type' | 'bounds'>;

/**
 * Whether the values of a type accumulate. The totals of such a metric also include pushers that have ended. True for
 * counters, histograms and summaries.
 */
export function accumulates(type: TextType): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

/** All names that the samples of a metric can have. */
export function sampleNames({ name, type }: FamilyShape): readonly string[] {
  if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name];
}

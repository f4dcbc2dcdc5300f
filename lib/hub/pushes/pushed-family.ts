import type { Place } from './push-refused.js';
import type { TextType } from './text-families.js';

/** One series of a push. */
export interface PushedSeries {
  /** The labels, sorted by name. Equal for equal series. */
  readonly key: string;
  /** The labels in the order in which the client wrote them. */
  readonly labelText: string;
  /**
   * A counter's, gauge's or untyped value; a histogram's counts by bucket (not cumulative), the count past the last
   * bound, and the sum; a summary's count and sum.
   *
   * NaN in a type that accumulates: the client stated a number that can't be added.
   */
  readonly numbers: readonly number[];
  /** A summary's quantiles. */
  readonly quantiles: ReadonlyMap<number, number>;
  /** Unix seconds at which the series began, if the client states it. */
  readonly created: number | undefined;
}

/** One metric of a push, complete and checked. */
export interface PushedFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  /** The line of the pushed text, or the number of the protobuf message, where the metric begins. */
  readonly line: number;
  /** The same place, for error messages; default the line. */
  readonly place?: Place;
  /** A histogram's upper bounds, without +Inf. */
  readonly bounds: readonly number[];
  /** By key. */
  readonly series: ReadonlyMap<string, PushedSeries>;
}

/** What two pushes of a metric must agree on. */
export type FamilyShape = Pick<PushedFamily, 'name' | 'type' | 'bounds'>;

/** Whether a type's numbers only grow, so that the totals include pushers that have ended. */
export function accumulates(type: TextType): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

/** All names that the samples of a metric can have. */
export function sampleNames({ name, type }: FamilyShape): readonly string[] {
  if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name];
}

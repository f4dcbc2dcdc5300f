import type { TextType } from './parse-text.js';

/** One series of a push. */
export interface PushedSeries {
  /** Label names sorted: what tells series apart. */
  readonly key: string;
  /** Labels as they were written. */
  readonly labelText: string;
  /**
   * A counter's, gauge's or untyped value; a histogram's counts by bucket (not cumulative), the count past the last
   * bound, and the sum; a summary's count and sum.
   */
  readonly numbers: readonly number[];
  /** A summary's quantiles. */
  readonly quantiles: ReadonlyMap<number, number>;
  /** Unix seconds at which the client says the series came to be, if it says so. */
  readonly created: number | undefined;
}

/** One metric of a push, whole and checked. */
export interface PushedFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  /** The line of the pushed text on which it begins. */
  readonly line: number;
  /** A histogram's upper bounds, without +Inf. */
  readonly bounds: readonly number[];
  /** By key. */
  readonly series: ReadonlyMap<string, PushedSeries>;
}

/** What of a metric two pushes must agree on. */
export type FamilyShape = Pick<PushedFamily, 'name' | 'type' | 'bounds'>;

/** Whether a type's numbers only grow, so that what ended pushers left is kept. */
export function accumulates(type: TextType): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

/** Every name a metric's samples have. */
export function sampleNames({ name, type }: FamilyShape): readonly string[] {
  if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name];
}

import type { NativeHistogram } from 'tinyllm/server';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape, type PushedFamily, type PushedSeries } from '../pushes/pushed-family.js';
import { addExactly, type ExactNumber } from './exact-number.js';
import { advancedNative, isSameNative, nativeGrowth } from './native-totals.js';

/** The total of one series over all pushers, including ended ones. Immutable; a push replaces it. */
export interface Total {
  readonly labelText: string;
  /** Creation time in Unix seconds. */
  readonly createdSeconds: number;
  /** In the order of `PushedSeries.numbers`. */
  readonly sums: readonly ExactNumber[];
  /** The native buckets of all pushers. They lack the observations that were pushed without native buckets. */
  readonly native?: NativeHistogram | undefined;
}

/**
 * Maximum of `agreeingPushers`. To replace a stored metric, at most this many pushers must send another type or other
 * buckets. While a live pusher other than the current one has the stored metric, the metric is not replaced.
 */
export const MAX_AGREEING_PUSHERS = 3;

interface StoredFamilyOptions extends FamilyShape, Pick<PushedFamily, 'help'> {
  readonly agreeingPushers: number;
}

/** A metric of the hub: its type and buckets, which pushes must match, and its totals if it accumulates. */
export class StoredFamily implements FamilyShape {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  readonly bounds: readonly number[];
  /** Totals by key. Empty for gauges, whose values are stored with their pushers. Only `HubStore` changes it. */
  readonly totals = new Map<string, Total>();
  /** The number of pushers that sent this type and these bounds, up to {@link MAX_AGREEING_PUSHERS}. */
  agreeingPushers: number;
  /**
   * Pushers that sent another type or other bounds since the last matching push, while no other live pusher had the
   * metric. At most {@link MAX_AGREEING_PUSHERS}.
   */
  readonly rejectedPushers = new Set<string>();

  constructor({ name, type, help, bounds, agreeingPushers }: StoredFamilyOptions) {
    // Copy the texts, because a substring keeps the complete text in memory.
    this.name = copyText(name);
    this.type = type;
    this.help = copyText(help);
    this.bounds = bounds;
    this.agreeingPushers = agreeingPushers;
  }

  get accumulates(): boolean {
    return accumulates(this.type);
  }

  /** The new totals after a push, by key. `last` contains the series of the same pusher's last push. */
  advancedTotals(
    series: ReadonlyMap<string, PushedSeries>,
    { last, nowSeconds }: { readonly last: ReadonlyMap<string, PushedSeries> | undefined; readonly nowSeconds: number },
  ): (readonly [string, Total])[] {
    const totals: (readonly [string, Total])[] = [];
    for (const [key, one] of series) {
      const total = this.advanced(one, last?.get(key), nowSeconds);
      if (total !== undefined) totals.push([key, total]);
    }
    return totals;
  }

  /**
   * The new total after a push of one series. Returns `undefined` if the total doesn't change.
   *
   * If a series has decreased or has another creation time, it has restarted, and all of its value is added.
   */
  advanced(series: PushedSeries, last: PushedSeries | undefined, nowSeconds: number): Total | undefined {
    const known = this.totals.get(series.key);
    const base = last === undefined || hasRestarted(this.type, series, last) ? undefined : last;
    const native = this.type === 'histogram' ? advancedNative(series, { known, base }) : undefined;
    let sums: ExactNumber[] | undefined;
    series.numbers.forEach((number, index) => {
      const before = base?.numbers[index] ?? 0;
      if (number === before) return;
      sums ??= known === undefined ? series.numbers.map(() => 0) : [...known.sums];
      const added = addExactly(sums[index] ?? 0, number);
      sums[index] = before === 0 ? added : addExactly(added, -before);
    });
    if (known !== undefined) {
      if (sums === undefined && isSameNative(known.native, native)) return undefined;
      return total({ ...known, sums: sums ?? known.sums }, native);
    }
    const { labelText, created = nowSeconds, numbers } = series;
    return total({ labelText, createdSeconds: created, sums: sums ?? numbers.map(() => 0) }, native);
  }
}

function total({ labelText, createdSeconds, sums }: Total, native: NativeHistogram | undefined): Total {
  return native === undefined ? { labelText, createdSeconds, sums } : { labelText, createdSeconds, sums, native };
}

/** Copies a text, so that it shares no memory with a larger text. */
function copyText(text: string): string {
  return Buffer.from(text).toString();
}

/**
 * Whether a series counts from zero again: a count or bucket has decreased, or the creation time differs.
 */
export function hasRestarted(type: TextType, now: PushedSeries, last: PushedSeries): boolean {
  // An earlier time counts too, because the clock of the pusher may have been set back.
  if (now.created !== undefined && last.created !== undefined && now.created !== last.created) return true;
  // A sum can decrease, because observations can be negative. Counts can't.
  const counts = type === 'summary' ? 1 : type === 'histogram' ? now.numbers.length - 1 : now.numbers.length;
  if (last.numbers.some((number, index) => index < counts && (now.numbers[index] ?? 0) < number)) return true;
  const { native } = now;
  if (native === undefined || last.native === undefined || isSameNative(native, last.native)) return false;
  return nativeGrowth(native, last.native) === undefined;
}

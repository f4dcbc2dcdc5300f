import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape, type PushedFamily, type PushedSeries } from '../pushes/pushed-family.js';
import { addExactly, type ExactNumber } from './exact-number.js';

/** The total of one series over all pushers, also those that ended. Never changes; a push replaces it. */
export interface Total {
  readonly labelText: string;
  /** Unix seconds. */
  readonly createdSeconds: number;
  /** In the order of a pushed series' numbers. */
  readonly sums: readonly ExactNumber[];
}

/** A number of pushers from which on more of them make no difference to who may replace a metric's type. */
export const MOST_AGREED = 3;

/** A metric of the hub: its type, on which pushes must agree, and its totals if it accumulates. */
export class HeldFamily implements FamilyShape {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  readonly bounds: readonly number[];
  /** By key; empty for gauges, whose values are stored with their pushers. Changed by `HubStore` only. */
  readonly totals = new Map<string, Total>();
  /** How many pushers have agreed on the type and bounds; counted up to {@link MOST_AGREED}. */
  agreed: number;
  /** Pushers that were refused because of another type or other bounds since the last push that agreed. */
  readonly challengers = new Set<string>();

  constructor({ name, type, help, bounds, agreed }: FamilyShape & Pick<PushedFamily, 'help'> & { agreed: number }) {
    // A part of a larger text would keep all of it in memory.
    this.name = copyText(name);
    this.type = type;
    this.help = copyText(help);
    this.bounds = bounds;
    this.agreed = agreed;
  }

  get accumulates(): boolean {
    return accumulates(this.type);
  }

  /** The totals that change when a pusher's series have grown since they were `last` pushed, by key. */
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
   * The total after a pusher's series has grown since it was `last` pushed; undefined if the total stays as it is.
   *
   * A series that has decreased, or states another creation time, has restarted: all of it is new.
   */
  advanced(series: PushedSeries, last: PushedSeries | undefined, nowSeconds: number): Total | undefined {
    const known = this.totals.get(series.key);
    const base = last === undefined || hasRestarted(this.type, series, last) ? undefined : last;
    let sums: ExactNumber[] | undefined;
    series.numbers.forEach((number, index) => {
      const before = base?.numbers[index] ?? 0;
      if (number === before) return;
      sums ??= known === undefined ? series.numbers.map(() => 0) : [...known.sums];
      const added = addExactly(sums[index] ?? 0, number);
      sums[index] = before === 0 ? added : addExactly(added, -before);
    });
    if (known !== undefined) return sums && { ...known, sums };
    const { labelText, created = nowSeconds, numbers } = series;
    return { labelText, createdSeconds: created, sums: sums ?? numbers.map(() => 0) };
  }
}

/** A copy that shares no memory with the text it was cut from. */
function copyText(text: string): string {
  return Buffer.from(text).toString();
}

function hasRestarted(type: TextType, now: PushedSeries, last: PushedSeries): boolean {
  // Another time, not only a later one: the pusher's clock may have been set back.
  if (now.created !== undefined && last.created !== undefined && now.created !== last.created) return true;
  // A sum decreases if something negative is observed; counts can't.
  const counts = type === 'summary' ? 1 : type === 'histogram' ? now.numbers.length - 1 : now.numbers.length;
  return last.numbers.some((number, index) => index < counts && (now.numbers[index] ?? 0) < number);
}

import { type Label, labelSet, readLabels } from '../pushes/label-set.js';
import type { TextType } from '../pushes/parse-text.js';
import type { PushedSeries } from '../pushes/pushed-family.js';
import { ExactSum } from '../sums/exact-sum.js';
import { HeldFamily } from '../sums/held-family.js';
import type { HubState } from '../sums/hub-state.js';
import { PushGroup } from '../sums/push-group.js';

/** A number in JSON, which has none of the special ones. */
type Written = number | 'NaN' | '+Inf' | '-Inf';

interface WrittenFamily {
  readonly family: string;
  readonly type: TextType;
  readonly help: string;
  readonly bounds: readonly number[];
  readonly totals: readonly (readonly [
    labelText: string,
    createdSeconds: number,
    sums: readonly (readonly number[])[],
  ])[];
}

type WrittenSeries = readonly [
  labelText: string,
  numbers: readonly Written[],
  created: number | null,
  quantiles: readonly (readonly [Written, Written])[],
];

interface WrittenGroup {
  readonly group: readonly Label[];
  readonly pushedAt: number;
  readonly expired: boolean;
  readonly processStart: number | null;
  readonly families: readonly (readonly [name: string, series: readonly WrittenSeries[]])[];
}

/** What a hub holds as lines of JSON: one a metric, one a pusher. Lines of what has not changed are kept. */
export function writeSnapshot(state: HubState): string[] {
  const lines: string[] = [];
  for (const family of state.families.values()) {
    family.written ??= JSON.stringify(familyOut(family));
    lines.push(family.written);
  }
  for (const group of state.groups.values()) {
    group.written ??= JSON.stringify(groupOut(group));
    lines.push(group.written);
  }
  return lines;
}

/** Fills an empty state from such lines. */
export function readSnapshot(lines: readonly string[], state: HubState): void {
  for (const line of lines) {
    const read = JSON.parse(line) as WrittenFamily | WrittenGroup;
    if ('family' in read) state.families.set(read.family, familyIn(read));
    else {
      const group = groupIn(read, state);
      state.groups.set(group.grouping.key, group);
    }
  }
}

function familyOut({ name, type, help, bounds, totals }: HeldFamily): WrittenFamily {
  const written = [...totals.values()].map(
    ({ labelText, createdSeconds, sums }) => [labelText, createdSeconds, sums.map(({ parts }) => parts)] as const,
  );
  return { family: name, type, help, bounds, totals: written };
}

function familyIn({ family: name, type, help, bounds, totals }: WrittenFamily): HeldFamily {
  const family = new HeldFamily({ name, type, help, bounds });
  for (const [labelText, createdSeconds, sums] of totals) {
    family.totals.set(keyOf(labelText), { labelText, createdSeconds, sums: sums.map((parts) => new ExactSum(parts)) });
  }
  return family;
}

function groupOut({ grouping, pushedAt, expired, processStart, families }: PushGroup): WrittenGroup {
  const written = [...families].map(([name, series]) => [name, [...series.values()].map(seriesOut)] as const);
  return { group: grouping.labels, pushedAt, expired, processStart: processStart ?? null, families: written };
}

function groupIn(
  { group: labels, pushedAt, expired, processStart, families }: WrittenGroup,
  state: HubState,
): PushGroup {
  const group = new PushGroup({ labels, key: labelSet(labels).key });
  group.pushedAt = pushedAt;
  group.expired = expired;
  group.processStart = processStart ?? undefined;
  for (const [name, series] of families) {
    const { type = 'gauge' } = state.families.get(name) ?? {};
    group.keep({ name, type, series: new Map(series.map(seriesIn).map((one) => [one.key, one])) });
  }
  return group;
}

function seriesOut({ labelText, numbers, created, quantiles }: PushedSeries): WrittenSeries {
  const pairs = [...quantiles].map(([quantile, value]) => [numberOut(quantile), numberOut(value)] as const);
  return [labelText, numbers.map(numberOut), created ?? null, pairs];
}

function seriesIn([labelText, numbers, created, quantiles]: WrittenSeries): PushedSeries {
  return {
    key: keyOf(labelText),
    labelText,
    numbers: numbers.map(numberIn),
    created: created ?? undefined,
    quantiles: new Map(quantiles.map(([quantile, value]) => [numberIn(quantile), numberIn(value)])),
  };
}

function keyOf(labelText: string): string {
  return labelSet(readLabels(labelText)?.labels ?? []).key;
}

function numberOut(number: number): Written {
  if (Number.isFinite(number)) return number;
  return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
}

function numberIn(written: Written): number {
  return typeof written === 'number' ? written : Number(written.replace('Inf', 'Infinity'));
}

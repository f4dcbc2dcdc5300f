import type { Descriptor, Family, ForeignMetric, ReadableSeries } from 'tinyllm/server';
import { labelSet, readLabels } from '../pushes/label-set.js';
import { sameNumbers } from '../pushes/read-push.js';
import { combine, gaugeCombination } from './combine-gauges.js';
import { isDescribable, toFamily, toForeign, toReadable } from './hub-families.js';
import type { SummedFamily, SummedSeries } from './hub-sums.js';

/** What a scrape shows, told apart by who writes it. */
export interface Shown {
  readonly families: readonly Family[];
  readonly foreign: readonly ForeignMetric[];
}

/**
 * Adds a hub's sums to what its own process has: one family a name, one series a label set.
 *
 * A metric the application of this process registered itself stands as it is, without what was pushed under its name.
 */
export function addSums({ families, foreign }: Shown, sums: readonly SummedFamily[]): Shown {
  const theirs = new Map(sums.map((family) => [family.name, family]));
  for (const { name } of foreign) theirs.delete(name);
  const own = families.map((family) => {
    const { name } = family.descriptor;
    const pushed = theirs.get(name);
    if (pushed === undefined) return family;
    const added = addFamily(family, pushed);
    if (added !== undefined) theirs.delete(name);
    // Of a metric without series here, pushes may have another type.
    return added ?? { descriptor: family.descriptor, series: [] };
  });
  const pushed = [...theirs.values()];
  const hidden = new Set(theirs.keys());
  return {
    families: [
      ...own.filter(({ descriptor }) => !hidden.has(descriptor.name)),
      ...pushed.filter(isDescribable).map(toFamily),
    ],
    foreign: [...foreign, ...pushed.filter((family) => !isDescribable(family)).map(toForeign)],
  };
}

/** Adds one metric's sums to it; undefined when they do not go together and there is nothing here to keep. */
function addFamily({ descriptor, series }: Family, pushed: SummedFamily): Family | undefined {
  const own = [...series];
  const { kind, buckets } = descriptor;
  const fits = (kind === 'info' ? 'gauge' : kind) === pushed.type && sameNumbers(buckets, pushed.bounds);
  if (!fits) return own.length === 0 ? undefined : { descriptor, series: own };
  const theirs = new Map(pushed.series.map((one) => [keyOf(one.labelText), one]));
  const added = own.map((one) => {
    const key = keyOf(one.labelText);
    const other = theirs.get(key);
    theirs.delete(key);
    return other === undefined ? one : addSeries(descriptor, one, other);
  });
  return { descriptor, series: [...added, ...[...theirs.values()].map(toReadable)] };
}

function addSeries({ kind, name }: Descriptor, own: ReadableSeries, pushed: SummedSeries): ReadableSeries {
  const how = kind === 'gauge' || kind === 'info' ? gaugeCombination(name) : 'sum';
  return {
    labelText: own.labelText,
    createdSeconds: Math.min(own.createdSeconds, pushed.createdSeconds),
    cell: (index) => combine(how, own.cell(index), pushed.numbers[index] ?? 0),
    ...(own.exemplar && { exemplar: own.exemplar.bind(own) }),
  };
}

function keyOf(labelText: string): string {
  return labelSet(readLabels(labelText)?.labels ?? []).key;
}

import { parseText, type TextFamily } from './parse-text.js';
import { refuseLine } from './push-refused.js';
import { accumulates, type PushedFamily, type PushedSeries, sampleNames } from './pushed-family.js';
import { groupSamples, readHistogram, readSingle, readSummary } from './read-series.js';

const CREATED = '_created';

/**
 * Reads a pushed text into whole metrics.
 *
 * Labels named in `grouping` say who pushes, and are taken off the series. Gauges `X_created` beside a metric `X` or
 * `X_total` that grows, as Python's client writes them, become the time its series were created.
 *
 * @throws {PushRefused} with status 400 and the line.
 */
export function readPush(text: string, grouping: ReadonlySet<string> = new Set()): PushedFamily[] {
  const families = parseText(text).map((family) => readFamily(family, grouping));
  refuseSharedNames(families);
  const byName = new Map(families.map((family) => [family.name, family]));
  const absorbed = new Set<PushedFamily>();
  const dated = families.map((family) => {
    const created = accumulates(family.type) ? byName.get(family.name.replace(/_total$/, '') + CREATED) : undefined;
    if (created?.type !== 'gauge') return family;
    absorbed.add(created);
    return { ...family, series: withCreated(family.series, created.series) };
  });
  return dated.filter(({ series }, index) => series.size > 0 && !absorbed.has(families[index] as PushedFamily));
}

function readFamily(family: TextFamily, grouping: ReadonlySet<string>): PushedFamily {
  const { name, type, help, line } = family;
  const structural = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined;
  const series = new Map<string, PushedSeries>();
  let bounds: readonly number[] | undefined;
  for (const [key, group] of groupSamples(family, grouping, structural)) {
    if (type === 'histogram') {
      const { bounds: own, ...read } = readHistogram(group, name);
      bounds ??= own;
      if (!sameNumbers(bounds, own)) {
        refuseLine(400, group.line, `${name}{${group.labels.text}} has other buckets than the series before it`);
      }
      series.set(key, read);
    } else series.set(key, type === 'summary' ? readSummary(group, name) : readSingle(group, type === 'counter'));
  }
  return { name, type, help, line, bounds: bounds ?? [], series };
}

/** Whether two lists hold the same numbers. */
export function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

function refuseSharedNames(families: readonly PushedFamily[]): void {
  const owners = new Map<string, PushedFamily>();
  for (const family of families) {
    for (const name of sampleNames(family)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        refuseLine(
          400,
          Math.max(owner.line, family.line),
          `${owner.name} and ${family.name} both have samples named ${name}`,
        );
      owners.set(name, family);
    }
  }
}

function withCreated(
  series: ReadonlyMap<string, PushedSeries>,
  created: ReadonlyMap<string, PushedSeries>,
): ReadonlyMap<string, PushedSeries> {
  return new Map([...series].map(([key, one]) => [key, { ...one, created: created.get(key)?.numbers[0] }]));
}

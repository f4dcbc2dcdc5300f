import { readProtobuf } from './parse-protobuf.js';
import { readText } from './parse-text.js';
import type { PushFormat } from './push-format.js';
import { type Place, placeText, rejectAt } from './push-refused.js';
import { accumulates, type PushedFamily, type PushedSeries, sampleNames } from './pushed-family.js';
import { checkSeries } from './pushed-series.js';
import { Pace, runWithoutPauses, type SlicedWork } from './sliced-work.js';
import { checkSeriesCount, groupSamples, type PushContext, type StatedFamily } from './stated-series.js';

const CREATED = '_created';
/** Maximum number of notes, without the additional note about omitted notes. */
const MAX_NOTES = 10;

/** The content of a push. */
export interface ReadPush {
  readonly families: readonly PushedFamily[];
  /**
   * Notes about values that were accepted, but ignored or corrected. Each note contains the position of the value. At
   * most 10 notes; if there are more, an additional note contains the number of omitted notes.
   */
  readonly notes: readonly string[];
}

/** Options for reading a push. */
export interface ReadPushOptions extends Pick<PushContext, 'maxSeries'> {
  readonly format: PushFormat;
  /** Label names in the path. They identify the pusher, and are removed from the series. */
  readonly grouping?: ReadonlySet<string>;
  /** Counts the processed bytes; default a new counter. */
  readonly pace?: Pace;
}

/**
 * Reads a push in the text format, like {@link readPushInSteps}.
 *
 * @throws {PushRefused} with status 400 or 413. The message of a 400 starts with the line number, such as `line 3`.
 */
export function readPush(text: string, grouping: ReadonlySet<string> = new Set()): readonly PushedFamily[] {
  return runWithoutPauses(readPushInSteps(Buffer.from(text), { format: 'text', grouping })).families;
}

/**
 * Reads a push into complete metrics, in slices.
 *
 * If a push has a gauge `X_created` and a metric `X` or `X_total` that accumulates, the values of the gauge become the
 * creation times of the series of that metric. The Python client sends such gauges.
 *
 * @throws {PushRefused} with status 400, 413 or 507. The message of a 400 contains the line number, the byte offset, or
 *   the positions of the family and the series.
 */
export function* readPushInSteps(
  bytes: Buffer,
  { format, grouping = new Set(), maxSeries, pace = new Pace() }: ReadPushOptions,
): SlicedWork<ReadPush> {
  const notes: string[] = [];
  let noted = 0;
  const note = (place: Place, problem: string): void => {
    noted += 1;
    if (noted <= MAX_NOTES) notes.push(`${placeText(place)}: ${problem}`);
  };
  const context: PushContext = { grouping, note, pace };
  const stated = yield* format === 'protobuf' ? readProtobuf(bytes, context) : readTextFamilies(bytes, format, context);
  checkSeriesCount(
    stated.reduce((sum, { series }) => sum + series.size, 0),
    maxSeries,
  );
  const families: PushedFamily[] = [];
  for (const family of stated) families.push(yield* checkFamily(family, context));
  rejectSharedNames(families);
  const complete = yield* withCreationTimes(families, pace);
  if (noted > MAX_NOTES) notes.push(`notes omitted: ${noted - MAX_NOTES}`);
  return { families: complete, notes };
}

function* readTextFamilies(
  bytes: Buffer,
  format: 'text' | 'openmetrics',
  context: PushContext,
): SlicedWork<readonly StatedFamily[]> {
  const stated: StatedFamily[] = [];
  const families = (yield* readText(bytes, format, context.pace)).reverse();
  // Release the samples of a metric as soon as its series are complete.
  for (let family = families.pop(); family !== undefined; family = families.pop()) {
    stated.push(yield* groupSamples(family, context));
  }
  return stated;
}

function* checkFamily(family: StatedFamily, context: PushContext): SlicedWork<PushedFamily> {
  const { name, type, help, place } = family;
  const series = new Map<string, PushedSeries>();
  let bounds: readonly number[] | undefined;
  for (const [key, one] of family.series) {
    const { series: checked, bounds: own } = checkSeries(one, family, context);
    bounds ??= own;
    if (!sameNumbers(bounds, own)) {
      rejectAt(400, one.place, `${name}{${one.labels.text}} has different buckets than the previous series`);
    }
    series.set(key, checked);
    if (context.pace.spend(32 + 8 * checked.numbers.length)) yield;
  }
  const line = typeof place === 'number' ? place : place.family;
  return { name, type, help, line, place, bounds: bounds ?? [], series };
}

/** Whether two lists contain the same numbers. */
export function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

/** Rejects two metrics with samples of the same name. */
function rejectSharedNames(families: readonly PushedFamily[]): void {
  const owners = new Map<string, PushedFamily>();
  for (const family of families) {
    for (const name of sampleNames(family)) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        const { place = 0 } = owner.line > family.line ? owner : family;
        rejectAt(400, place, `${owner.name} and ${family.name} both have samples with the name ${name}`);
      }
      owners.set(name, family);
    }
  }
}

function* withCreationTimes(families: readonly PushedFamily[], pace: Pace): SlicedWork<readonly PushedFamily[]> {
  const byName = new Map(families.map((family) => [family.name, family]));
  const absorbed = new Set<PushedFamily>();
  const complete: PushedFamily[] = [];
  for (const family of families) {
    const created = accumulates(family.type) ? byName.get(family.name.replace(/_total$/, '') + CREATED) : undefined;
    if (created?.type !== 'gauge') {
      complete.push(family);
      continue;
    }
    absorbed.add(created);
    const series = new Map<string, PushedSeries>();
    for (const [key, one] of family.series) {
      const stated = created.series.get(key)?.numbers[0];
      series.set(key, { ...one, created: Number.isFinite(stated) ? stated : undefined });
      if (pace.spend(32)) yield;
    }
    complete.push({ ...family, series });
  }
  return complete.filter((_, index) => !absorbed.has(families[index]!));
}

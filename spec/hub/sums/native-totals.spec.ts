import { expect } from 'chai';
import fc from 'fast-check';
import { bucketIndex, bucketTable } from '../../../lib/core/metrics/native/bucket-index.js';
import { addNative, nativeCount } from '../../../lib/core/metrics/native/merge-native.js';
import type { NativeBuckets, NativeHistogram } from '../../../lib/core/metrics/native/native-histogram.js';
import { readGrouping } from '../../../lib/hub/pushes/grouping-key.js';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';
import { readPushInSteps } from '../../../lib/hub/pushes/read-push.js';
import { runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';
import { LineReader } from '../../../lib/hub/storage/line-reader.js';
import { snapshotLines, stepLines } from '../../../lib/hub/storage/state-lines.js';
import { HubState } from '../../../lib/hub/sums/hub-state.js';
import { sumFamilies } from '../../../lib/hub/sums/hub-sums.js';
import { advancedNative, isComplete, nativeGrowth } from '../../../lib/hub/sums/native-totals.js';
import type { StateChange } from '../../../lib/hub/sums/state-change.js';
import { anyNative } from '../../support/native-arbitrary.js';
import { writeProtobuf } from '../../support/protobuf-writer.js';

const none: NativeBuckets = { indexes: [], counts: [] };

function bucketsOf(values: readonly number[], schema: number): NativeBuckets {
  const counts = new Map<number, number>();
  for (const value of values) {
    const index = bucketIndex(bucketTable(schema), value);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return { indexes: sorted.map(([index]) => index), counts: sorted.map(([, count]) => count) };
}

/** The native histogram of values. */
function nativeOf(
  values: readonly number[],
  { schema, zeroThreshold }: Pick<NativeHistogram, 'schema' | 'zeroThreshold'>,
): NativeHistogram {
  const others = values.filter((value) => Math.abs(value) > zeroThreshold);
  return {
    ...{ schema, zeroThreshold, zeroCount: values.length - others.length },
    positive: bucketsOf(
      others.filter((value) => value > 0),
      schema,
    ),
    negative: bucketsOf(
      others.filter((value) => value < 0).map((value) => -value),
      schema,
    ),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Numbers whose sums are exact. */
const VALUES = [0, 2 ** -20, 0.125, 0.1875, 0.3125, 0.75, 1, 1.5, 3, 1_000, -0.125, -1, -2.5, -70_000];
const THRESHOLDS = [2 ** -128, 0.25, 1];

interface Pusher {
  schema: number;
  threshold: number;
  /** Whether it pushes native buckets. */
  isNative: boolean;
  observed: number[];
  start: number;
  readonly hasStart: boolean;
  /** The counts at the last push. Undefined before the first push and after a restart or DELETE. */
  last: { readonly count: number; readonly nativeCount: number } | undefined;
}

type Step =
  | { readonly does: 'observe'; readonly who: number; readonly values: readonly number[] }
  | { readonly does: 'put' | 'post' | 'delete' | 'restart' | 'halve' | 'widen' | 'toggle'; readonly who: number }
  | { readonly does: 'expire' | 'kill' | 'compact' | 'undo' };

const who = fc.nat(2);
const observe = fc.record({
  does: fc.constant('observe' as const),
  who,
  values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 5 }),
});
const act = (...does: readonly ('put' | 'post' | 'delete' | 'restart' | 'halve' | 'widen' | 'toggle')[]) =>
  fc.record({ does: fc.constantFrom(...does), who });
const other = fc.record({
  does: fc.constantFrom('expire' as const, 'kill' as const, 'compact' as const, 'undo' as const),
});
const nativeStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: observe },
  { weight: 4, arbitrary: act('put', 'put', 'post', 'delete', 'restart', 'halve', 'widen') },
  { weight: 2, arbitrary: other },
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: nativeStep },
  { weight: 1, arbitrary: act('toggle') },
);

const limits = { expireMilliseconds: 10, maxGroups: 100, maxSeries: 10_000, maxBytes: 10_000_000 };

/** A hub and a model of it: all observations that the hub must have counted. */
class Model {
  readonly pushers: readonly Pusher[];
  readonly counted: number[] = [];
  /** The observations that the hub must have counted in native buckets. */
  readonly inBuckets: number[] = [];
  state = new HubState(limits);
  /** The lines of a journal since the last compaction. */
  lines: string[] = [];
  now = 1_000;

  constructor(schemas: readonly number[]) {
    this.pushers = schemas.map((schema, index) => ({
      ...{ schema, threshold: THRESHOLDS[0]!, isNative: true, observed: [], start: 1, hasStart: index !== 2 },
      last: undefined,
    }));
  }

  perform(step: Step): void {
    const index = 'who' in step ? step.who : 0;
    const pusher = this.pushers[index]!;
    if (step.does === 'observe') pusher.observed.push(...step.values);
    else if (step.does === 'halve') pusher.schema = Math.max(-4, pusher.schema - 1);
    else if (step.does === 'widen') pusher.threshold = THRESHOLDS.find((one) => one > pusher.threshold) ?? 1;
    else if (step.does === 'toggle') pusher.isNative = !pusher.isNative;
    else if (step.does === 'put' || step.does === 'post') this.#push(index, step.does === 'put');
    else if (step.does === 'restart') this.#restart(index);
    else if (step.does === 'delete') {
      this.#store(this.state.delete(this.#grouping(index)));
      pusher.last = undefined;
    } else if (step.does === 'expire') this.now += 11;
    else if (step.does === 'compact') this.lines = [...snapshotLines(this.state.store)];
    else if (step.does === 'undo') this.#undo();
    else this.#reload();
    this.state.expire(this.now);
  }

  get total(): { readonly numbers: readonly unknown[]; readonly native: NativeHistogram | undefined } | undefined {
    const total = this.state.store.families.get('h')?.totals.get('');
    return total && { numbers: total.sums, native: total.native };
  }

  /** The native buckets in a scrape. */
  get exposed(): NativeHistogram | undefined {
    return sumFamilies(this.state.store).find(({ name }) => name === 'h')?.series[0]?.native;
  }

  #grouping(index: number) {
    return readGrouping(`/metrics/job/j/instance/${index}`);
  }

  #change(index: number, { isPut }: { readonly isPut: boolean }): StateChange {
    const { observed, schema, threshold, isNative, start, hasStart } = this.pushers[index]!;
    const upToOne = observed.filter((value) => value <= 1).length;
    const series = {
      ...{ labels: {}, count: observed.length, sum: sum(observed), points: [[1, upToOne] as const] },
      ...(hasStart && { created: start }),
      ...(isNative && { native: nativeOf(observed, { schema, zeroThreshold: threshold }) }),
    };
    const bytes = writeProtobuf([{ name: 'h', type: 'histogram', series: [series] }]);
    const { families, notes } = runWithoutPauses(readPushInSteps(bytes, { format: 'protobuf' }));
    expect(notes).to.deep.equal([]);
    const replaces = isPut ? 'group' : 'families';
    return this.state.push({ grouping: this.#grouping(index), families, replaces, now: this.now, wall: 7 }).change;
  }

  #push(index: number, isPut: boolean): void {
    const pusher = this.pushers[index]!;
    const { observed, isNative, last } = pusher;
    this.counted.push(...observed.slice(last?.count ?? 0));
    const before = last?.nativeCount ?? 0;
    if (isNative) this.inBuckets.push(...observed.slice(before));
    pusher.last = { count: observed.length, nativeCount: isNative ? observed.length : before };
    this.#store(this.#change(index, { isPut }));
  }

  #restart(index: number): void {
    const pusher = this.pushers[index]!;
    Object.assign(pusher, { observed: [], start: pusher.start + 1 });
    // Without a start time, the hub detects a restart by lower numbers, so the restarted pusher first pushes zero.
    if (!pusher.hasStart) this.#push(index, true);
    pusher.last = undefined;
  }

  #undo(): void {
    const { series, bytes } = this.state.store;
    const before = this.total;
    const observed = this.pushers.map((pusher) => pusher.observed);
    for (const pusher of this.pushers) pusher.observed = [...pusher.observed, ...VALUES];
    const changes = [0, 1, 2].map((index) => this.#change(index, { isPut: true }));
    this.pushers.forEach((pusher, index) => {
      pusher.observed = observed[index]!;
    });
    for (const change of [...changes].reverse()) change.undo();
    for (const change of changes) change.redo();
    for (const change of [...changes].reverse()) change.undo();
    for (const change of changes) change.end();
    expect(this.total).to.deep.equal(before);
    expect(this.state.store).to.include({ series, bytes });
  }

  #reload(): void {
    const { bytes } = this.state.store;
    const isPacked = this.state.store.packed.size > 0;
    this.state = new HubState(limits);
    const reader = new LineReader(this.state.store);
    for (const line of this.lines.flatMap((text) => text.split('\n'))) reader.read(line);
    reader.finish();
    // A packed pusher may be in the journal as it was before.
    if (!isPacked && this.state.store.packed.size === 0) expect(this.state.store.bytes).to.equal(bytes);
  }

  #store(change: StateChange): void {
    for (const step of change.steps) this.lines.push(...stepLines(step));
    change.end();
  }
}

describe('native histograms of a hub', () => {
  const schemas = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -4, max: 8 })));

  it('are exact at the lowest resolution, after any pushes, restarts, deletes, expiries and reloads', () => {
    fc.assert(
      fc.property(schemas, fc.array(nativeStep, { maxLength: 40 }), (initial, steps) => {
        const model = new Model(initial);
        let before: NativeHistogram | undefined;
        for (const step of steps) {
          model.perform(step);
          const { total, counted } = model;
          if (total === undefined) continue;
          expect(total.native).to.deep.equal(nativeOf(counted, total.native!));
          expect(model.exposed).to.deep.equal(total.native);
          const upToOne = counted.filter((value) => value <= 1).length;
          expect(total.numbers).to.deep.equal([upToOne, counted.length - upToOne, sum(counted)]);
          if (before !== undefined) expect(nativeGrowth(total.native!, before)).to.not.equal(undefined);
          before = total.native;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are served if they contain all observations, also when some pushes have no native buckets', () => {
    fc.assert(
      fc.property(schemas, fc.array(anyStep, { maxLength: 40 }), (initial, steps) => {
        const model = new Model(initial);
        for (const step of steps) {
          model.perform(step);
          const { total, counted, inBuckets } = model;
          if (total === undefined) continue;
          const upToOne = counted.filter((value) => value <= 1).length;
          expect(total.numbers).to.deep.equal([upToOne, counted.length - upToOne, sum(counted)]);
          if (total.native === undefined) expect(inBuckets).to.have.length(0);
          else expect(total.native).to.deep.equal(nativeOf(inBuckets, total.native));
          expect(model.exposed).to.deep.equal(inBuckets.length === counted.length ? total.native : undefined);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the bytes of a hub', () => {
  const push = (state: HubState, native?: NativeHistogram) => {
    const series = { labels: {}, count: 1_000, sum: 1, points: [[1, 1_000] as const], ...(native && { native }) };
    const bytes = writeProtobuf([{ name: 'h', type: 'histogram', series: [series] }]);
    const { families } = runWithoutPauses(readPushInSteps(bytes, { format: 'protobuf' }));
    return state.push({ grouping: readGrouping('/metrics/job/j'), families, replaces: 'group', now: 1, wall: 7 });
  };
  const values = Array.from({ length: 1_000 }, (_, index) => 1.01 ** index);
  const native = nativeOf(values, { schema: 8, zeroThreshold: 0 });

  it('include the native buckets of totals and of pushers', () => {
    const [classic, both] = [new HubState(limits), new HubState(limits)];
    push(classic);
    push(both, native);
    const perBucket = (both.store.bytes - classic.store.bytes) / native.positive.indexes.length;
    // An index and a count, for the total and for the pusher.
    expect(perBucket).to.be.within(32, 33);
  });

  it('limit the native buckets of pushes', () => {
    const state = new HubState({ ...limits, maxBytes: 10_000 });
    expect(() => push(state, native)).to.throw(PushRefused, 'the hub stores at most 10000');
    expect(state.store).to.include({ series: 0, bytes: 0 });
    push(state);
  });
});

describe('nativeGrowth', () => {
  it('is what was added, at the lower resolution of both', () => {
    fc.assert(
      fc.property(anyNative, anyNative, (last, added) => {
        const now = addNative(last, added);
        const growth = nativeGrowth(now, last);
        expect(growth && addNative(last, growth)).to.deep.equal(now);
        expect(nativeCount(growth!)).to.equal(nativeCount(added));
      }),
    );
  });

  it('is undefined after a decrease of any bucket', () => {
    const last = nativeOf([1, 2, -3, 0], { schema: 3, zeroThreshold: 0 });
    for (const values of [
      [1, 2, -3],
      [1, 2, 0],
      [2, 2, -3, 0],
      [1, 1, -3, 0],
      [1, 2, 3, 0],
    ]) {
      expect(nativeGrowth(nativeOf(values, last), last), values.join()).to.equal(undefined);
    }
    expect(nativeGrowth(nativeOf([0, 1, 1, 2, -3], { ...last, schema: 0 }), last)).to.deep.equal({
      ...nativeOf([1], { schema: 0, zeroThreshold: 0 }),
    });
  });
});

describe('advancedNative', () => {
  const series = { numbers: [2, 3], native: nativeOf([1, 2], { schema: 3, zeroThreshold: 0 }) };

  it('starts with the complete buckets of a pusher that had none before', () => {
    expect(advancedNative(series, { known: {}, base: { numbers: [1, 3] } })).to.deep.equal(series.native);
  });

  it('does not start in a new total with buckets that another total counted', () => {
    const { native } = series;
    const stale = { numbers: [9, 3], native };
    const now = { numbers: [10, 3], native: { ...native, zeroCount: 8 } };
    expect(advancedNative(now, { known: undefined, base: stale })).to.equal(undefined);
    const base = { numbers: [2, 3], native };
    expect(advancedNative(now, { known: undefined, base })).to.deep.equal({ ...native, zeroCount: 8, positive: none });
  });

  it('has at most 2,048 buckets', () => {
    const half = (first: number): NativeHistogram => ({
      ...series.native,
      schema: 8,
      positive: {
        indexes: Array.from({ length: 1_500 }, (_, index) => first + index),
        counts: new Array<number>(1_500).fill(1),
      },
    });
    const known = { native: half(1) };
    const total = advancedNative({ numbers: [1_500, 0], native: half(1_501) }, { known, base: undefined });
    expect(total!.schema).to.equal(7);
    expect(total!.positive.indexes).to.have.length(1_500);
  });
});

describe('isComplete', () => {
  it('is true if the native buckets contain all observations', () => {
    const native = nativeOf([1, 2, -3, 0], { schema: 3, zeroThreshold: 0 });
    expect(isComplete({ numbers: [3, 1, 17], native })).to.equal(true);
    expect(isComplete({ numbers: [3, 2, 17], native })).to.equal(false);
    expect(isComplete({ numbers: [0, 0, 0] })).to.equal(true);
    expect(isComplete({ numbers: [1, 0, 0] })).to.equal(false);
  });

  it('is false for counts that a double does not represent exactly', () => {
    const zeroCount = 2 ** 53;
    const native = { ...nativeOf([], { schema: 3, zeroThreshold: 0 }), zeroCount };
    expect(isComplete({ numbers: [zeroCount, 0], native })).to.equal(false);
  });
});

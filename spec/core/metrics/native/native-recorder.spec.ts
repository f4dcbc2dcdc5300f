import { expect } from 'chai';
import fc from 'fast-check';
import { privateChunkMemory } from '../../../../lib/core/metrics/native/chunk-memory.js';
import { nativeCount } from '../../../../lib/core/metrics/native/merge-native.js';
import { NativeMetric } from '../../../../lib/core/metrics/native/native-metric.js';
import { NativeRecorder } from '../../../../lib/core/metrics/native/native-recorder.js';
import { countsIn, countsOf } from '../../../support/native-model.js';

const DEFAULTS = { schema: 3, maxBuckets: 160, zeroThreshold: 2 ** -128 };

function recorder(settings: Partial<typeof DEFAULTS> = {}, memory = privateChunkMemory()): NativeRecorder {
  const metric = new NativeMetric({ ...DEFAULTS, ...settings }, memory);
  return new NativeRecorder({ page: new Float64Array(4), offset: 1 }, metric);
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('NativeRecorder', () => {
  it('has the exact bucket of each observation, at a resolution with at most maxBuckets buckets', () => {
    const options = { minLength: 1, maxLength: 100 };
    fc.assert(
      fc.property(fc.array(finite, options), fc.integer({ min: 8, max: 40 }), (values, maxBuckets) => {
        const recorded = recorder({ maxBuckets });
        for (const value of values) recorded.record(value);
        const read = recorded.read();
        expect(countsIn(read)).to.deep.equal(countsOf(values, read.schema));
        const buckets = read.positive.indexes.length + read.negative.indexes.length;
        if (read.schema > -4) expect(buckets).to.be.at.most(maxBuckets);
        if (read.schema < 3) expect(Object.keys(countsOf(values, read.schema + 1)).length).to.be.above(maxBuckets - 1);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its resolution if one observation is far from the others', () => {
    const recorded = recorder();
    const values = [1e-20, ...Array.from({ length: 100 }, (_, index) => 1.09 ** index), 1e300];
    for (const value of values) recorded.record(value);
    expect(recorded.read().schema).to.equal(3);
    expect(countsIn(recorded.read())).to.deep.equal(countsOf(values, 3));
  });

  it('counts more observations of a bucket than 16 bits can represent', () => {
    const recorded = recorder();
    for (let count = 0; count < 3 * 2 ** 16 + 5; count++) {
      recorded.record(1.5);
      if (count % 3 === 0) recorded.record(-1.5);
    }
    expect(countsIn(recorded.read())).to.deep.equal({ '+5': 3 * 2 ** 16 + 5, '-5': 65_538 });
    recorded.record(1.5);
    recorded.record(7);
    expect(nativeCount(recorded.read())).to.equal(3 * 2 ** 16 + 6 + 65_538 + 1);
  });

  it('counts one more at each limit of a 16-bit part of a count', () => {
    for (const limit of [2 ** 16, 2 ** 32, 2 ** 48]) {
      for (const count of [limit - 2, limit - 1, limit, limit + 65_534]) {
        const recorded = recorder();
        const before = { ...DEFAULTS, zeroCount: 0, negative: { indexes: [], counts: [] } };
        recorded.set({ ...before, positive: { indexes: [0, 5], counts: [3, count] } });
        for (let more = 1; more <= 3; more++) {
          recorded.record(1.5);
          expect(recorded.read().positive, `${count} + ${more}`).to.deep.equal({
            indexes: [0, 5],
            counts: [3, count + more],
          });
        }
      }
    }
  });

  it('replaces all counts with `set`, whether they are larger or smaller', () => {
    const states = fc.array(fc.tuple(fc.array(finite, { maxLength: 30 }), fc.integer({ min: -4, max: 3 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(states, (all) => {
        const recorded = recorder();
        for (const [values, schema] of all) {
          const other = recorder({ schema, maxBuckets: 1_000 });
          for (const value of values) other.record(value);
          recorded.set(other.read());
          expect(recorded.read()).to.deep.equal(other.read());
        }
      }),
      { numRuns: 50 },
    );
  });

  it('starts with the configured resolution again after `clear`', () => {
    const recorded = recorder({ maxBuckets: 8 });
    for (let exponent = -30; exponent < 30; exponent++) recorded.record(2 ** exponent);
    expect(recorded.read().schema).to.be.below(3);
    recorded.clear();
    expect(nativeCount(recorded.read())).to.equal(0);
    recorded.record(1.5);
    expect(countsIn(recorded.read())).to.deep.equal({ '+5': 1 });
    expect(recorded.read().schema).to.equal(3);
  });

  it('counts every observation if there is no memory for more chunks', () => {
    let remaining = 3;
    const memory = privateChunkMemory();
    const allocate = memory.allocate.bind(memory);
    memory.allocate = () => (remaining-- > 0 ? allocate() : 0);
    const recorded = recorder({}, memory);
    const values = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? 1 : -1) * 1.01 ** index);
    for (const value of values) recorded.record(value);
    for (let count = 0; count < 70_000; count++) recorded.record(1);
    expect(nativeCount(recorded.read())).to.equal(71_000);
  });

  it('counts an observation completely or not at all if the stack overflows', () => {
    const recorded = recorder({ maxBuckets: 8 });
    let counted = 0;
    const recurse = (depth: number): void => {
      try {
        recurse(depth + 1);
      } finally {
        for (const value of [1.01 ** depth, -(1.02 ** (depth % 3_000)), 5e-324 * depth]) {
          if (Number.isFinite(value)) {
            recorded.record(value);
            counted++;
          }
        }
      }
    };
    expect(() => recurse(0)).to.throw(RangeError);
    expect(counted).to.be.above(1_000);
    expect(nativeCount(recorded.read())).to.equal(counted);
  });

  it('counts an observation completely or not at all if finding or freeing memory throws an error', () => {
    for (const method of ['free', 'position'] as const) {
      const memory = privateChunkMemory();
      const original = memory[method].bind(memory) as (pointer: number) => number;
      let calls = 0;
      memory[method] = (pointer) => {
        if (++calls % 7 === 0) throw new RangeError('Maximum call stack size exceeded');
        return original(pointer) as never;
      };
      const recorded = recorder({ maxBuckets: 8 }, memory);
      const counted: number[] = [];
      for (let index = 0; index < 400; index++) {
        for (const value of [1.02 ** (index * ((index % 7) - 3)), 1.5, 3]) {
          try {
            recorded.record(value);
            counted.push(value);
          } catch (error) {
            expect(error).to.be.instanceOf(RangeError);
          }
        }
      }
      memory[method] = original as never;
      const read = recorded.read();
      expect(countsIn(read), method).to.deep.equal(countsOf(counted, read.schema));
    }
  });
});

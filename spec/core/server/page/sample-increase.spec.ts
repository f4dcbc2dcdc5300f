import { expect } from 'chai';
import type { Sample } from '../../../../lib/core/formats/parse-exposition.js';
import { sampleIncrease } from '../../../../lib/core/server/page/sample-increase.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

describe('sampleIncrease', () => {
  const sample = (value: number, start?: number): Sample => ({
    ...{ name: 'a', labels: {}, value },
    ...(start === undefined ? {} : { start }),
  });
  const native = (schema: number, ...values: readonly number[]): Sample => ({
    ...sample(values.length),
    native: nativeHistogramOf(values, schema),
  });

  it('is the difference, or the value of a new series', () => {
    expect(sampleIncrease(sample(5), sample(2)).value).to.equal(3);
    expect(sampleIncrease(sample(5), undefined).value).to.equal(5);
  });

  it('is the value after a decrease, or if the series started later', () => {
    expect(sampleIncrease(sample(5), sample(6)).value).to.equal(5);
    expect(sampleIncrease(sample(5, 20), sample(2, 10)).value).to.equal(5);
    for (const [start, earlier] of [
      [10, 10],
      [10, 20],
      [10, undefined],
      [undefined, 10],
    ] as const) {
      expect(sampleIncrease(sample(5, start), sample(2, earlier)).value, `${start} ${earlier}`).to.equal(3);
    }
  });

  it('contains the native buckets with new observations, at the lower resolution', () => {
    const increase = sampleIncrease(native(1, 1, 2, 9, 9), native(3, 1, 2));
    expect(increase).to.deep.equal(native(1, 9, 9));
  });

  it('is the whole native histogram if one of its buckets has decreased', () => {
    const current = native(3, 1, 1, 9);
    expect(sampleIncrease(current, native(3, 2, 2))).to.deep.equal(current);
    expect(sampleIncrease(current, { ...native(3, 1), start: 1 })).to.deep.equal({ ...native(3, 1, 9) });
    expect(sampleIncrease({ ...current, start: 2 }, { ...native(3, 1), start: 1 })).to.deep.equal({
      ...current,
      start: 2,
    });
  });
});

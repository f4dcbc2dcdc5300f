import { expect } from 'chai';
import type { Exemplar } from '../../../../lib/core/formats/family.js';
import { writeProtobuf } from '../../../../lib/core/formats/protobuf/write-protobuf.js';
import type { NativeBuckets, NativeHistogram } from '../../../../lib/core/metrics/native/native-histogram.js';
import { familyOf } from '../../../support/families.js';
import { type ReadMetric, readFamilies } from '../../../support/protobuf-reader.js';

const none: NativeBuckets = { indexes: [], counts: [] };
const empty: NativeHistogram = { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: none, negative: none };

describe('native fields', () => {
  it('have an empty span if there are no observations', () => {
    const written = write({ ...empty, zeroThreshold: 0.001 });
    expect(written).to.include({ count: 0n, schema: 3, zeroThreshold: 0.001, zeroCount: 0n });
    expect(written.positive).to.deep.equal({ spans: [[0, 0]], deltas: [] });
    expect(written.negative).to.deep.equal({ spans: [], deltas: [] });
  });

  it('fill gaps of up to two buckets, and start a span after larger ones', () => {
    const written = write({ ...empty, positive: { indexes: [-2, 0, 3, 7], counts: [5, 4, 6, 1] } });
    expect(written.positive).to.deep.equal({
      spans: [
        [-2, 6],
        [3, 1],
      ],
      deltas: [5n, -5n, 4n, -4n, 0n, 6n, -5n],
    });
  });

  it('write negative buckets and the zero bucket, and count all of them', () => {
    const written = write({ ...empty, zeroCount: 2, negative: { indexes: [4, 5], counts: [1, 3] } });
    expect(written).to.include({ count: 6n, zeroCount: 2n });
    expect(written.negative).to.deep.equal({ spans: [[4, 2]], deltas: [1n, 2n] });
    expect(written.positive).to.deep.equal({ spans: [], deltas: [] });
  });

  it('limit the classic counts to the count of the native buckets', () => {
    const written = write({ ...empty, positive: { indexes: [0], counts: [5] } }, [3, 4, 0, 1]);
    expect(written.count).to.equal(5n);
    expect(written.buckets?.map(({ count }) => count)).to.deep.equal([3n, 5n]);
  });

  it('have no exemplars without a timestamp', () => {
    const exemplar = { labels: {}, value: 1, timestampSeconds: Number.NaN };
    const timed = { labels: { id: 'a' }, value: 1, timestampSeconds: 1_700_000_000 };
    expect(write(empty, [1, 0, 0, 0], [exemplar, timed]).exemplars).to.deep.equal([timed]);
  });

  it('are exact for counts of up to 2^53', () => {
    const counts = [2 ** 52, 1, 2 ** 52 - 1];
    const written = write({ ...empty, positive: { indexes: [0, 1, 2], counts } });
    expect(written.count).to.equal(2n ** 53n);
    expect(written.positive?.deltas).to.deep.equal([2n ** 52n, 1n - 2n ** 52n, 2n ** 52n - 2n]);
  });
});

function write(native: NativeHistogram, cells = [0, 0, 0, 0], exemplars: readonly Exemplar[] = []): ReadMetric {
  const options = { name: 'wait', help: '', kind: 'histogram', buckets: [1, 2] } as const;
  const { descriptor, series } = familyOf(options, { cells, exemplars });
  const withNative = Array.from(series, (one) => ({ ...one, native: () => native }));
  const pieces = writeProtobuf([{ descriptor, series: withNative }], {
    ...{ escaping: 'allow-utf-8', rest: new Uint8Array(0) },
  });
  return readFamilies(Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece))))[0]!.metrics[0]!;
}

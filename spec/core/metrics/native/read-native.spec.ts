import { expect } from 'chai';
import fc from 'fast-check';
import { readNative } from '../../../../lib/core/metrics/native/read-native.js';
import { CELLS_PER_PAGE, PAGE_BYTES } from '../../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../../lib/core/metrics/segment-reader.js';

const SETTINGS = { schema: 3, maxBuckets: 160, zeroThreshold: 0 };

describe('readNative', () => {
  const pages = 3;
  const word = fc.oneof(fc.integer(), fc.integer({ min: 0, max: pages * CELLS_PER_PAGE + 10 }), fc.constant(0));

  it('never throws and always ends, whatever memory contains that was reused', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 6, maxLength: 6 }),
        fc.array(word, { minLength: 1 }),
        (header, filling) => {
          const buffer = new SharedArrayBuffer(pages * PAGE_BYTES);
          const words = new Int32Array(buffer);
          for (let index = 0; index < words.length; index++) words[index] = filling[index % filling.length]!;
          words.set(header, 2);
          const reader: SegmentReader = new SegmentReader(buffer, (index) => (index === 0 ? reader : undefined));
          const { offset } = reader.slice(1);
          const read = readNative(
            { views: reader.views(1), offset },
            { settings: SETTINGS, pages: reader, isEnded: true },
          );
          if (read !== undefined) expect(read.schema).to.be.within(-9, 3);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { HEADER_WORDS, WORDS_PER_CELL } from '../../../../lib/core/metrics/native/chunk-layout.js';
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

  it('waits for a writer that the system has paused in the middle of a change', () => {
    const buffer = new SharedArrayBuffer(pages * PAGE_BYTES);
    const reader: SegmentReader = new SegmentReader(buffer, () => reader);
    const { page, offset } = reader.slice(1);
    const words = new Int32Array(buffer);
    const sequence = offset * WORDS_PER_CELL + HEADER_WORDS.sequence;
    words[sequence] = 1;
    const { wait } = Atomics;
    let waits = 0;
    // The writer ends its change during the third wait.
    Atomics.wait = () => {
      waits++;
      if (waits < 3) return 'timed-out';
      page[offset] = 5;
      Atomics.store(words, sequence, 2);
      return 'not-equal';
    };
    try {
      const read = readNative({ views: reader.views(1), offset }, { settings: SETTINGS, pages: reader });
      expect(read?.zeroCount).to.equal(5);
      expect(waits).to.equal(3);
    } finally {
      Atomics.wait = wait;
    }
  });

  it('ends if a writer does not complete a change, and then does not wait for a while', () => {
    const buffer = new SharedArrayBuffer(pages * PAGE_BYTES);
    const reader: SegmentReader = new SegmentReader(buffer, () => reader);
    const { offset } = reader.slice(1);
    new Int32Array(buffer)[offset * WORDS_PER_CELL + HEADER_WORDS.sequence] = 1;
    const read = (isEnded: boolean) =>
      readNative({ views: reader.views(1), offset }, { settings: SETTINGS, pages: reader, isEnded });
    for (let count = 0; count < 1_000; count++) expect(read(false)).to.equal(undefined);
    expect(read(true)?.zeroCount).to.equal(0);
  });
});

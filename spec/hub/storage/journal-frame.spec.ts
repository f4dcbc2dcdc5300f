import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeHeader,
  encodeFrame,
  FRAME_HEADER_BYTES,
  MAX_PAYLOAD_BYTES,
  splitLines,
} from '../../../lib/hub/storage/journal-frame.js';

describe('a frame of a journal', () => {
  it('has the same size limit for writing and reading', () => {
    // These bytes are never written, so they use no memory.
    const large = Buffer.alloc(MAX_PAYLOAD_BYTES + 1);
    expect(() => encodeFrame('changes', large, 0)).to.throw(RangeError, `a batch of ${large.length} bytes is larger`);
    const header = (length: number): Buffer => {
      const start = `c ${length.toString(16).padStart(8, '0')} 00000000 `;
      return Buffer.from(`${start}${crc32(start, 0).toString(16).padStart(8, '0')}\n`);
    };
    expect(decodeHeader(header(MAX_PAYLOAD_BYTES), 0)).to.have.property('length', MAX_PAYLOAD_BYTES);
    expect(decodeHeader(header(MAX_PAYLOAD_BYTES + 1), 0)).to.equal(undefined);
    const { bytes } = encodeFrame('changes', Buffer.from('x'), 0);
    expect(decodeHeader(bytes.subarray(0, FRAME_HEADER_BYTES), 0)).to.have.property('length', 1);
  });

  it('is split between lines, and contains all of them', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (lines, bytes) => {
        const whole = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const parts = [...splitLines(whole, bytes)];
        expect(Buffer.concat(parts).equals(whole)).to.equal(true);
        for (const part of parts) {
          if (part.length > bytes) expect(part.indexOf(10)).to.equal(part.length - 1);
          if (part.length > 0) expect(part.at(-1)).to.equal(10);
        }
      }),
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  MAX_VARINT_BYTES,
  varintSize,
  writeSigned,
  writeVarint,
} from '../../../../lib/core/formats/protobuf/varint.js';
import { integerField } from '../../../support/protobuf-writer.js';

const MAX_EXACT = 2 ** 53;
const anyUnsigned = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(
    0,
    127,
    128,
    16_383,
    16_384,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 35,
    MAX_EXACT,
    2 ** 63,
    2 ** 64 - 2_048,
  ),
);

function bytesOf(write: (bytes: Buffer) => number): Buffer {
  const bytes = Buffer.alloc(2 * MAX_VARINT_BYTES, 0xee);
  return bytes.subarray(0, write(bytes));
}

/** The varint of a field after its tag of one byte. */
function reference(value: number): Buffer {
  return integerField(1, value).subarray(1);
}

describe('writeVarint', () => {
  it('writes unsigned integers as a reference with big integers does', () => {
    fc.assert(
      fc.property(anyUnsigned, (value) => {
        const bytes = bytesOf((target) => writeVarint(target, 0, value));
        expect(bytes).to.deep.equal(reference(value));
        expect(varintSize(value)).to.equal(bytes.length);
      }),
    );
  });
});

describe('writeSigned', () => {
  it('writes integers of up to 2^53 exactly', () => {
    fc.assert(
      fc.property(anyUnsigned, fc.boolean(), (magnitude, isNegative) => {
        const value = (isNegative ? -1 : 1) * Math.min(magnitude, MAX_EXACT);
        const big = BigInt(value);
        const zigzag = big < 0n ? -big * 2n - 1n : big * 2n;
        const bytes = bytesOf((target) => writeSigned(target, 0, value));
        let decoded = 0n;
        for (const [index, byte] of bytes.entries()) decoded |= BigInt(byte & 0x7f) << BigInt(7 * index);
        expect(decoded).to.equal(zigzag);
        expect(bytes.at(-1)).to.be.lessThan(0x80);
      }),
    );
  });
});

import { expect } from 'chai';
import { readableBytes } from '../../../cli/terminal/readable-bytes.js';

describe('readableBytes', () => {
  const read: Readonly<Record<number, string>> = {
    0: '0 B',
    999: '999 B',
    1000: '1 kB',
    397821319: '398 MB',
    1929912432: '1.93 GB',
    999999999: '1 GB',
    5e15: '5000 TB',
  };
  for (const [bytes, text] of Object.entries(read)) {
    it(`formats ${bytes} as ${text}`, () => {
      expect(readableBytes(Number(bytes))).to.equal(text);
    });
  }
});

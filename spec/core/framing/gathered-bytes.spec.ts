import { expect } from 'chai';
import fc from 'fast-check';
import { asBuffer, GatheredBytes } from '../../../lib/core/framing/gathered-bytes.js';

describe('GatheredBytes', () => {
  it('joins pieces, and can be reused after they were taken', () => {
    const gathered = new GatheredBytes();
    const pieces = fc.array(fc.oneof(fc.string(), fc.constant('x'.repeat(5_000))));
    fc.assert(
      fc.property(pieces, (texts) => {
        for (const text of texts) gathered.append(Buffer.from(text));
        expect(gathered.length).to.equal(Buffer.byteLength(texts.join('')));
        expect(gathered.takeText()).to.equal(texts.join(''));
        expect(gathered.length).to.equal(0);
      }),
    );
  });

  it('copies pieces, and decodes split characters', () => {
    const gathered = new GatheredBytes();
    const bytes = Buffer.from('ü');
    gathered.append(bytes.subarray(0, 1));
    gathered.append(bytes.subarray(1));
    bytes.fill(0);
    expect(gathered.takeText()).to.equal('ü');
  });

  it('is empty after clear()', () => {
    const gathered = new GatheredBytes();
    gathered.append(Buffer.from('gone'));
    gathered.clear();
    gathered.append(Buffer.from('new'));
    expect(gathered.takeText()).to.equal('new');
  });
});

describe('asBuffer', () => {
  it('shares the memory of the bytes', () => {
    const bytes = new Uint8Array([0, 97, 98, 0]).subarray(1, 3);
    const buffer = asBuffer(bytes);
    expect(buffer.toString()).to.equal('ab');
    bytes[0] = 99;
    expect(buffer.toString()).to.equal('cb');
    expect(asBuffer(buffer)).to.equal(buffer);
  });
});

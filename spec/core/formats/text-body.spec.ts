import { expect } from 'chai';
import fc from 'fast-check';
import { TextBody } from '../../../lib/core/formats/text-body.js';
import { anyText } from '../../support/hostile.js';

describe('TextBody', () => {
  it('contains the written text as UTF-8, for any text', () => {
    fc.assert(
      fc.property(fc.array(anyText), (parts) => {
        const body = new TextBody();
        for (const part of parts) body.write(part);
        expect(body.bytes.equals(Buffer.from(parts.join('')))).to.equal(true);
      }),
    );
  });

  it('has room for any length', () => {
    const parts = ['€'.repeat(21_845), 'é', 'x'.repeat(200_000), '€'.repeat(70_000), ''];
    const body = new TextBody();
    for (const part of parts) body.write(part);
    expect(body.toString()).to.equal(parts.join(''));
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { readCredentials } from '../../../lib/core/server/authenticate.js';

describe('readCredentials', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');

  it('reads any user without a colon and any password', () => {
    const user = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(':', ''));
    fc.assert(
      fc.property(user, fc.string({ unit: 'binary' }), (name, password) => {
        expect(readCredentials(`Basic ${encode(`${name}:${password}`)}`)).to.deep.equal({ user: name, password });
      }),
    );
  });

  it('accepts the scheme in upper and lower case', () => {
    expect(readCredentials(`bAsIc  ${encode('a:b')} `)).to.deep.equal({ user: 'a', password: 'b' });
  });

  it('rejects all other headers', () => {
    const others = [undefined, '', 'Basic', 'Basic ', `Bearer ${encode('a:b')}`, `Basic ${encode('ab')}`, 'Basic a:b'];
    for (const header of others) expect(readCredentials(header), header).to.equal(undefined);
  });
});

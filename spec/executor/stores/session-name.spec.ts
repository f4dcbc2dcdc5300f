import { expect } from 'chai';
import fc from 'fast-check';
import { SessionError } from '../../../lib/executor/errors/store-errors.js';
import { sessionFile, sessionIn } from '../../../lib/executor/stores/session-name.js';

describe('sessionFile', () => {
  it('keeps plain names readable, and never leaves the folder', () => {
    expect(sessionFile('support-42')).to.equal('support-42.jsonl');
    expect(sessionFile('../../etc/passwd')).to.equal('%2e%2e%2f%2e%2e%2fetc%2fpasswd.jsonl');
    expect(sessionFile('Trip')).to.equal('%54rip.jsonl');
    expect(sessionFile('größe')).to.equal('gr%c3%b6%c3%9fe.jsonl');
  });

  it('returns a different file for each name, which can be converted back to the name', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(name, (one) => {
        fc.pre(one.trim() !== '' && !/\p{Cc}/u.test(one) && encodeURIComponent(one).length < 100);
        const file = sessionFile(one);
        expect(file).to.match(/^[a-z0-9_%-]+\.jsonl$/);
        expect(sessionIn(file)).to.equal(one);
      }),
    );
  });

  it('rejects invalid names', () => {
    for (const name of ['', ' ', 'a\nb', 'a\0', '\ud800', 'x'.repeat(201), 'ü'.repeat(40)]) {
      expect(() => sessionFile(name), name).to.throw(SessionError, 'expected a short text');
    }
  });

  it('does not treat other files as sessions', () => {
    for (const file of ['a.txt', 'a.jsonl.tmp', 'A.jsonl', '%zz.jsonl', '%61.jsonl', '.jsonl']) {
      expect(sessionIn(file), file).to.equal(undefined);
    }
  });
});

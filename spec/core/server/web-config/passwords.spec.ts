import { expect } from 'chai';
import { Comparisons } from '../../../../lib/core/server/web-config/comparisons.js';
import { Passwords } from '../../../../lib/core/server/web-config/passwords.js';
import { hashOfOther, hashOfSecret } from '../../../support/web-config-folder.js';

/** Counts, so that a spec can tell what was paid for. */
class CountedComparisons extends Comparisons {
  readonly hashes: string[] = [];

  override compare(password: string, hash: string): Promise<boolean | undefined> {
    this.hashes.push(hash);
    return super.compare(password, hash);
  }
}

describe('Passwords', () => {
  const users = new Map([
    ['alice', hashOfSecret],
    ['bob', hashOfOther],
  ]);

  it('grant a user his own password and no other', async () => {
    const passwords = new Passwords(users, new Comparisons());
    expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect(await passwords.verify('alice', 'other')).to.equal('denied');
    expect(await passwords.verify('bob', 'secret')).to.equal('denied');
    expect(await passwords.verify('bob', 'other')).to.equal('granted');
    expect(await passwords.verify('alice', '')).to.equal('denied');
  });

  it('pay for a right password once', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, comparisons);
    for (let i = 0; i < 5; i++) expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect(comparisons.hashes).to.deep.equal([hashOfSecret]);
  });

  it('pay for a wrong password each time, also when the right one is known', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, comparisons);
    await passwords.verify('alice', 'secret');
    for (let i = 0; i < 3; i++) expect(await passwords.verify('alice', 'wrong')).to.equal('denied');
    expect(comparisons.hashes).to.have.length(4);
  });

  it('pay for a user nobody knows, at the cost of the costliest', async () => {
    const comparisons = new CountedComparisons();
    const costly = hashOfOther.replace('$04$', '$06$');
    const passwords = new Passwords(new Map([...users, ['carol', costly]]), comparisons);
    expect(await passwords.verify('mallory', 'secret')).to.equal('denied');
    expect(comparisons.hashes).to.have.length(1);
    expect(comparisons.hashes[0]).to.match(/^\$2b\$06\$[./A-Za-z0-9]{53}$/);
  });

  it('compare a password that many ask for at once one time', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, comparisons);
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => passwords.verify('alice', 'secret')));
    expect(new Set(verdicts)).to.deep.equal(new Set(['granted']));
    expect(comparisons.hashes).to.have.length(1);
  });

  it('are busy when too many others wait, and never for a password known already', async () => {
    const passwords = new Passwords(users, new Comparisons({ running: 1, waiting: 1 }));
    await passwords.verify('alice', 'secret');
    const guesses = Array.from({ length: 5 }, (_, index) => passwords.verify('alice', `guess ${index}`));
    expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect((await Promise.all(guesses)).sort()).to.deep.equal(['busy', 'busy', 'busy', 'denied', 'denied']);
  });
});

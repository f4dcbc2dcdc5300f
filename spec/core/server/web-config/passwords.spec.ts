import { expect } from 'chai';
import { Comparisons } from '../../../../lib/core/server/web-config/comparisons.js';
import { FailureLimit, type FailureLimits } from '../../../../lib/core/server/web-config/failure-limit.js';
import { Passwords } from '../../../../lib/core/server/web-config/passwords.js';
import { hashOfOther, hashOfSecret } from '../../../support/web-config-folder.js';

/** Counts the comparisons and their cost. */
class CountedComparisons extends Comparisons {
  readonly hashes: string[] = [];
  /** The work of all comparisons, in rounds of bcrypt. */
  rounds = 0;

  override async compare(password: string, hash: string, decoys: readonly string[] = []): Promise<boolean | undefined> {
    this.hashes.push(hash);
    const matches = await super.compare(password, hash, decoys);
    for (const one of matches ? [hash] : [hash, ...decoys]) this.rounds += 2 ** Number(one.slice(4, 6));
    return matches;
  }
}

const checks = (comparisons: Comparisons = new Comparisons(), limits: FailureLimits = {}) => ({
  comparisons,
  failures: new FailureLimit({ burst: 1_000, ...limits }),
});

describe('Passwords', () => {
  const users = new Map([
    ['alice', hashOfSecret],
    ['bob', hashOfOther],
  ]);

  it('grant each user only their own password', async () => {
    const passwords = new Passwords(users, checks());
    expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect(await passwords.verify('alice', 'other')).to.equal('denied');
    expect(await passwords.verify('bob', 'secret')).to.equal('denied');
    expect(await passwords.verify('bob', 'other')).to.equal('granted');
    expect(await passwords.verify('alice', '')).to.equal('denied');
  });

  it('compare a correct password only once', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, checks(comparisons));
    for (let i = 0; i < 5; i++) expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect(comparisons.hashes).to.deep.equal([hashOfSecret]);
  });

  it('compare a wrong password each time, even if the correct one is cached', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, checks(comparisons));
    await passwords.verify('alice', 'secret');
    for (let i = 0; i < 3; i++) expect(await passwords.verify('alice', 'wrong')).to.equal('denied');
    expect(comparisons.hashes).to.have.length(4);
  });

  it('compare the password of an unknown user at the highest cost of all users', async () => {
    const comparisons = new CountedComparisons();
    const costly = hashOfOther.replace('$04$', '$06$');
    const passwords = new Passwords(new Map([...users, ['carol', costly]]), checks(comparisons));
    expect(await passwords.verify('mallory', 'secret')).to.equal('denied');
    expect(comparisons.hashes).to.have.length(1);
    expect(comparisons.hashes[0]).to.match(/^\$2b\$06\$[./A-Za-z0-9]{53}$/);
  });

  it('spend the same time on every rejection, independent of the cost of the hash', async () => {
    const mixed = ['04', '05', '07', '08'].map((cost): [string, string] => [
      cost,
      hashOfOther.replace('$04$', `$${cost}$`),
    ]);
    for (const user of ['04', '05', '07', '08', 'mallory']) {
      const comparisons = new CountedComparisons();
      const passwords = new Passwords(new Map(mixed), checks(comparisons));
      expect(await passwords.verify(user, 'wrong')).to.equal('denied');
      expect(comparisons.rounds, user).to.equal(2 ** 8);
    }
  });

  it('limit wrong passwords per address, but not cached passwords', async () => {
    let now = 0;
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, checks(comparisons, { burst: 2, perSecond: 1, now: () => now }));
    const attempt = (password: string, address: string) => passwords.verify('alice', password, address);
    expect(await attempt('secret', '10.0.0.1')).to.equal('granted');
    expect(await attempt('wrong 1', '10.0.0.1')).to.equal('denied');
    expect(await attempt('wrong 2', '10.0.0.1')).to.equal('denied');
    expect(await attempt('wrong 3', '10.0.0.1')).to.equal('limited');
    expect(await attempt('secret', '10.0.0.1')).to.equal('granted');
    expect(await attempt('wrong 3', '10.0.0.2')).to.equal('denied');
    expect(comparisons.hashes).to.have.length(4);
    now += 1_000;
    expect(await attempt('wrong 3', '10.0.0.1')).to.equal('denied');
    expect(await attempt('wrong 4', '10.0.0.1')).to.equal('limited');
  });

  it('keep cached passwords after a change of the configuration, for users with the same hash', async () => {
    const comparisons = new CountedComparisons();
    const shared = checks(comparisons, { burst: 1, perSecond: 0 });
    const passwords = new Passwords(users, shared);
    expect(await passwords.verify('alice', 'secret', '10.0.0.1')).to.equal('granted');
    expect(await passwords.verify('alice', 'wrong', '10.0.0.1')).to.equal('denied');
    const [same, other] = [users, new Map([['alice', hashOfOther]])].map(
      (next) => new Passwords(next, shared, passwords),
    );
    expect(await same?.verify('alice', 'secret', '10.0.0.1')).to.equal('granted');
    expect(await other?.verify('alice', 'secret', '10.0.0.1')).to.equal('limited');
  });

  it('share one comparison between concurrent checks of the same password', async () => {
    const comparisons = new CountedComparisons();
    const passwords = new Passwords(users, checks(comparisons));
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => passwords.verify('alice', 'secret')));
    expect(new Set(verdicts)).to.deep.equal(new Set(['granted']));
    expect(comparisons.hashes).to.have.length(1);
  });

  it('are busy when too many checks wait, but not for cached passwords', async () => {
    const passwords = new Passwords(users, checks(new Comparisons({ waiting: 1 })));
    await passwords.verify('alice', 'secret');
    const guesses = Array.from({ length: 5 }, (_, index) => passwords.verify('alice', `guess ${index}`));
    expect(await passwords.verify('alice', 'secret')).to.equal('granted');
    expect((await Promise.all(guesses)).sort()).to.deep.equal(['busy', 'busy', 'busy', 'denied', 'denied']);
  });
});

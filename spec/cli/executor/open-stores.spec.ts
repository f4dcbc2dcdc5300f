import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../../cli/command/lifetime.js';
import { openStores } from '../../../cli/executor/open-stores.js';
import { captureOutput } from '../../support/captured-output.js';
import { freePort } from '../../support/free-port.js';

describe('openStores', () => {
  it('opens only requested stores', () => {
    const lifetime = new Lifetime(captureOutput().output);
    expect(openStores(undefined, lifetime)).to.deep.equal({ cache: undefined, conversation: undefined });
    expect(openStores({ cache: 'memory' }, lifetime).cache).to.have.property('type', 'memory');
  });

  it('prints one warning per failing store', async () => {
    const { output, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    const store = `redis://:secret@127.0.0.1:${await freePort()}`;
    const { cache, conversation } = openStores({ cache: store, session: 'a', store }, lifetime);
    expect(await cache?.get('a')).to.equal(undefined);
    await cache?.set('a', 1);
    expect(await conversation?.recall()).to.deep.equal([]);
    await conversation?.remember('a', 'b');
    await lifetime.close();
    expect(stderr.text.split('\n')).to.have.length(3);
    expect(stderr.text)
      .to.match(/failed to get: connect ECONNREFUSED [\d.:]+; the run continues without it\.\n.*failed to load/)
      .and.not.include('secret');
  });

  it('stores sessions in TINYLLM_HOME', async () => {
    const before = process.env.TINYLLM_HOME;
    const home = await mkdtemp(join(tmpdir(), 'tinyllm-home-'));
    process.env.TINYLLM_HOME = home;
    try {
      const { conversation } = openStores({ session: 'a' }, new Lifetime(captureOutput().output));
      await conversation?.remember('q', 'r');
      await writeFile(join(home, 'sessions', 'a.jsonl'), 'broken');
      expect(await conversation?.recall().catch((error: Error) => error.message)).to.include(
        `${home}/sessions/a.jsonl:1`,
      );
    } finally {
      if (before === undefined) delete process.env.TINYLLM_HOME;
      else process.env.TINYLLM_HOME = before;
      await rm(home, { recursive: true });
    }
  });
});

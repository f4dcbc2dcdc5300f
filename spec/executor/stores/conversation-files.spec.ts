import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockFile } from '../../../lib/core/files/file-lock.js';
import { SessionError, StoreError } from '../../../lib/executor/errors/store-errors.js';
import { ConversationFiles } from '../../../lib/executor/stores/conversation-files.js';

const exchange = (question: string) => ({ at: '2026-11-23T00:00:00.000Z', question, answer: `re: ${question}` });

describe('ConversationFiles', () => {
  let parent: string;
  let folder: string;
  let files: ConversationFiles;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tinyllm-sessions-'));
    folder = join(parent, 'sessions');
    files = new ConversationFiles({ folder, bounds: { exchanges: 50, characters: 10_000 }, lockMilliseconds: 5000 });
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const questions = async (session: string) => (await files.load(session)).map(({ question }) => question);

  it('stores one file per session, readable only by its owner, and deletes it on clear', async () => {
    expect([await files.load('a'), await files.list(), await files.clear('a')]).to.deep.equal([[], [], false]);
    await files.append('a', exchange('one'));
    await files.append('a', exchange('two\nlines'));
    await files.append('B', exchange('other'));
    expect(await files.load('a')).to.deep.equal([exchange('one'), exchange('two\nlines')]);
    expect(await files.list()).to.deep.equal(['B', 'a']);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    expect((await stat(join(folder, 'a.jsonl'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.have.members(['%42.jsonl', 'a.jsonl']);
    expect(await files.clear('a')).to.equal(true);
    expect(await files.list()).to.deep.equal(['B']);
  });

  it('loses no exchange of concurrent writers', async () => {
    const numbers = Array.from({ length: 10 }, (_, index) => String(index));
    const other = new ConversationFiles({
      folder,
      bounds: { exchanges: 50, characters: 10_000 },
      lockMilliseconds: 5000,
    });
    await Promise.all(numbers.map((number, index) => (index % 2 ? files : other).append('a', exchange(number))));
    expect(await questions('a')).to.have.members(numbers);
  });

  it('keeps only the latest exchanges within its bounds', async () => {
    const small = new ConversationFiles({ folder, bounds: { exchanges: 2, characters: 10_000 } });
    for (const question of ['one', 'two', 'three']) await small.append('a', exchange(question));
    expect(await questions('a')).to.deep.equal(['two', 'three']);
  });

  it('rejects a corrupted file with the line number, and does not change it', async () => {
    await files.append('a', exchange('one'));
    const file = join(folder, 'a.jsonl');
    const broken = `${await readFile(file, 'utf8')}{"at":"x","quest`;
    await writeFile(file, broken);
    for (const work of [() => files.load('a'), () => files.append('a', exchange('two'))]) {
      const problem = await work().catch((error: unknown) => error);
      expect(problem)
        .to.be.instanceOf(SessionError)
        .with.property('message')
        .that.includes(`${file}:2 is not an exchange`);
    }
    expect(await readFile(file, 'utf8')).to.equal(broken);
    expect(await files.clear('a')).to.equal(true);
    expect(await files.load('a')).to.deep.equal([]);
  });

  it('explains why an operation failed', async () => {
    const claimed = await (async () => {
      await files.append('a', exchange('one'));
      return lockFile(join(folder, 'a.jsonl'));
    })();
    const impatient = new ConversationFiles({ folder, bounds: { exchanges: 1, characters: 1 }, lockMilliseconds: 20 });
    const locked = await impatient.append('a', exchange('two')).catch((error: unknown) => error);
    expect(locked).to.be.instanceOf(StoreError).and.to.include({ store: 'disk', operation: 'append' });
    expect(locked).to.have.property('message').that.includes(`process ${process.pid} holds`);
    if ('release' in claimed) await claimed.release();

    const file = join(parent, 'file');
    await writeFile(file, '');
    const nowhere = new ConversationFiles({ folder: file, bounds: { exchanges: 1, characters: 1 } });
    const works = [() => nowhere.load('a'), () => nowhere.append('a', exchange('b')), () => nowhere.list()];
    for (const work of works) {
      expect(await work().catch((error: unknown) => error)).to.be.instanceOf(StoreError);
    }
  });

  it('changes nothing if another process takes over its lock', async () => {
    await files.append('a', exchange('one'));
    const file = join(folder, 'a.jsonl');
    const text = await readFile(file, 'utf8');
    for (const work of [() => files.append('a', exchange('two')), () => files.clear('a')]) {
      // Reading a named pipe waits for its writer, so the lock is taken over between reading and writing.
      await rm(file);
      expect(spawnSync('mkfifo', [file]).status).to.equal(0);
      const problem = work().catch((error: unknown) => error);
      const pipe = await open(file, 'w');
      await writeFile(`${file}.lock`, '7 1 another-host/pid:[1] id');
      await pipe.writeFile(text);
      await pipe.close();
      expect(await problem)
        .to.be.instanceOf(StoreError)
        .with.property('message')
        .that.includes('has taken over the lock of the file');
      expect((await stat(file)).isFIFO()).to.equal(true);
      await rm(`${file}.lock`);
    }
  });
});

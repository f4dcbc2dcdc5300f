import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type FileLock, lockFile } from '../../../lib/core/files/file-lock.js';
import { ownerMark } from '../../../lib/core/files/lock-owner.js';
import { eventually } from '../../support/eventually.js';

describe('lockFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-lock-'));
    file = join(folder, 'state');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function claim(): Promise<FileLock> {
    const claimed = await lockFile(file);
    if ('release' in claimed) return claimed;
    throw new Error(`held by ${claimed.heldBy}`);
  }

  it('locks a file for one caller at a time, even if many try concurrently', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => lockFile(file)));
    const won = claims.filter((claimed) => 'release' in claimed);
    expect(won).to.have.length(1);
    expect(claims.filter((claimed) => 'heldBy' in claimed && claimed.heldBy === String(process.pid))).to.have.length(7);
    await won[0]?.release();
    await (await claim()).release();
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('takes over the lock of a process that has ended', async () => {
    // The first ID is too high to exist. The second one is that of this process, with another start time.
    for (const dead of ['2147483646 1', `${process.pid} 1`]) {
      await writeFile(`${file}.lock`, dead);
      await (await claim()).release();
    }
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('rejects with the error of the file system for a missing folder', async () => {
    file = join(folder, 'none', 'state');
    expect(await lockFile(file).catch((error: unknown) => error)).to.have.property('code', 'ENOENT');
  });

  it('takes over a lock of version 0.1 if its process has ended', async () => {
    await writeFile(`${file}.lock`, '2147483646 1');
    await (await claim()).release();
  });

  it('watches an empty lock, and takes it over if no content follows', async () => {
    const times = { heartbeatMilliseconds: 50, staleMilliseconds: 400 };
    await writeFile(`${file}.lock`, '');
    const writing = sleep(100).then(() => writeFile(`${file}.lock`, ownerMark()));
    expect(await lockFile(file, times)).to.include({ heldBy: String(process.pid) });
    await writing;
    await writeFile(`${file}.lock`, '');
    await ((await lockFile(file, times)) as FileLock).release();
  });

  it('rejects if the lock cannot be read', async () => {
    await mkdir(`${file}.lock`);
    expect(await lockFile(file).catch((error: unknown) => error)).to.have.property('code', 'EISDIR');
  });

  describe('with a lock from elsewhere', () => {
    const times = { heartbeatMilliseconds: 50, staleMilliseconds: 400 };
    const mark = ownerMark('another-host/pid:[1]');
    beforeEach(() => writeFile(`${file}.lock`, mark));

    it('does not take it over while its time changes, independent of the clock of its host', async () => {
      let hours = 0;
      const heartbeat = setInterval(() => {
        const time = new Date(Date.now() - ++hours * 3_600_000);
        void utimes(`${file}.lock`, time, time);
      }, 50);
      try {
        const { pid } = process;
        const expected = { heldBy: String(pid), isElsewhere: true, lock: `${file}.lock` };
        expect(await lockFile(file, times)).to.deep.equal(expected);
      } finally {
        clearInterval(heartbeat);
      }
      expect(await readFile(`${file}.lock`, 'utf8')).to.equal(mark);
    });

    it('takes it over if it stays unchanged for the stale time', async () => {
      const claimed = await lockFile(file, times);
      expect(claimed).to.have.property('release');
      expect(await readFile(`${file}.lock`, 'utf8')).not.to.equal(mark);
      await (claimed as FileLock).release();
    });

    it('gives it to only one of several callers', async () => {
      const claims = await Promise.all(Array.from({ length: 4 }, () => lockFile(file, times)));
      const won = claims.filter((claimed) => 'release' in claimed);
      expect(won).to.have.length(1);
      await won[0]?.release();
    });
  });

  describe('a lock', () => {
    it('updates its time at each heartbeat, until its release', async () => {
      const lock = (await lockFile(file, { heartbeatMilliseconds: 20 })) as FileLock;
      const { mtimeMs } = await stat(`${file}.lock`);
      await eventually(async () => (await stat(`${file}.lock`)).mtimeMs > mtimeMs);
      await lock.release();
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it('is lost if another process has taken it over, and is not removed then', async () => {
      const lock = await claim();
      expect(await lock.isHeld()).to.equal(true);
      await writeFile(`${file}.lock`, ownerMark('another-host/pid:[1]'));
      expect(await lock.isHeld()).to.equal(false);
      await lock.release();
      expect(await readdir(folder)).to.deep.equal(['state.lock']);
    });

    it('stays lost after the other process has released it', async () => {
      const lock = await claim();
      await writeFile(`${file}.lock`, ownerMark('another-host/pid:[1]'));
      expect(await lock.isHeld()).to.equal(false);
      await rm(`${file}.lock`);
      expect(await lock.isHeld()).to.equal(false);
      expect(await readdir(folder)).to.deep.equal([]);
      await lock.release();
    });

    it('is lost if it is missing after a stall, because another process can have taken it over and released it', async () => {
      const lock = (await lockFile(file, { heartbeatMilliseconds: 60_000, staleMilliseconds: 50 })) as FileLock;
      await rm(`${file}.lock`);
      await sleep(60);
      expect(await lock.isHeld()).to.equal(false);
      expect(await readdir(folder)).to.deep.equal([]);
      await lock.release();
    });

    it('is refreshed by a check, so that no other process takes it over during the next write', async () => {
      const lock = (await lockFile(file, { heartbeatMilliseconds: 60_000 })) as FileLock;
      const past = new Date(Date.now() - 60_000);
      await utimes(`${file}.lock`, past, past);
      expect(await lock.isHeld()).to.equal(true);
      expect((await stat(`${file}.lock`)).mtimeMs).to.be.greaterThan(past.getTime() + 30_000);
      await lock.release();
    });

    it('is released without an error if it cannot be removed, and this process can lock the file again', async () => {
      const lock = await claim();
      const content = await readFile(`${file}.lock`, 'utf8');
      await rename(folder, `${folder}-away`);
      await lock.release();
      await rename(`${folder}-away`, folder);
      expect(await readFile(`${file}.lock`, 'utf8')).to.equal(content);
      await (await claim()).release();
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it('is released after a change of the working folder', async () => {
      const before = process.cwd();
      process.chdir(folder);
      try {
        const lock = (await lockFile('state')) as FileLock;
        process.chdir(before);
        expect(await lock.isHeld()).to.equal(true);
        await lock.release();
      } finally {
        process.chdir(before);
      }
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it('is recreated if it was deleted', async () => {
      const lock = await claim();
      await rm(`${file}.lock`);
      expect(await lock.isHeld()).to.equal(true);
      expect(await readdir(folder)).to.deep.equal(['state.lock']);
      await lock.release();
    });

    it('is not recreated by a check during its release', async () => {
      const lock = await claim();
      await rm(`${file}.lock`);
      const results = await Promise.all([lock.isHeld(), lock.release(), lock.isHeld(), lock.release()]);
      expect(results[2]).to.equal(false);
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it('counts as held while its folder is missing', async () => {
      const lock = await claim();
      await rename(folder, `${folder}-away`);
      expect(await lock.isHeld()).to.equal(true);
      await rename(`${folder}-away`, folder);
      await lock.release();
    });
  });
});

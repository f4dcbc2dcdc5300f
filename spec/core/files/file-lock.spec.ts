import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FileLock, lockFile } from '../../../lib/core/files/file-lock.js';

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

  it('gives a file to one claim at a time, also of many at once', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => lockFile(file)));
    const won = claims.filter((claimed) => 'release' in claimed);
    expect(won).to.have.length(1);
    expect(claims.filter((claimed) => 'heldBy' in claimed && claimed.heldBy === String(process.pid))).to.have.length(7);
    await won[0]?.release();
    await (await claim()).release();
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('takes over the lock of a process that has ended', async () => {
    // No id is as high; and this process's id, but of one that started at another time.
    for (const dead of ['2147483646 1', `${process.pid} 1`]) {
      await writeFile(`${file}.lock`, dead);
      await (await claim()).release();
    }
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('throws what the file system says of a folder that is not there', async () => {
    file = join(folder, 'none', 'state');
    expect(await lockFile(file).catch((error: unknown) => error)).to.have.property('code', 'ENOENT');
  });
});

import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { replaceFile } from '../../../lib/core/files/replace-file.js';

describe('replaceFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-replace-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes the new text with the given permissions, and leaves no other file', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    await replaceFile(file, { text: 'new', temporary: join(folder, 'a.tmp'), mode: 0o600 });
    expect(await readFile(file, 'utf8')).to.equal('new');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.deep.equal(['a']);
  });

  it('keeps the old text if the new one cannot be written', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    const problem = await replaceFile(file, { text: 'new', temporary: join(folder, 'none', 'a.tmp') }).catch(
      (error: unknown) => error,
    );
    expect(problem).to.have.property('code', 'ENOENT');
    expect(await readFile(file, 'utf8')).to.equal('old');
  });

  it('keeps the old text if it is not confirmed before or after writing', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    for (const failing of [1, 2]) {
      let calls = 0;
      const confirm = async (): Promise<void> => {
        if (++calls === failing) throw new Error('lost');
      };
      const problem = await replaceFile(file, { text: 'new', temporary: `${file}.tmp`, confirm }).catch(
        (error: unknown) => error,
      );
      expect(problem).to.have.property('message', 'lost');
      expect(calls).to.equal(failing);
      expect(await readFile(file, 'utf8')).to.equal('old');
      expect(await readdir(folder)).to.deep.equal(['a']);
    }
  });

  it('creates a new temporary file, so that a stalled writer to an old one changes nothing', async () => {
    const file = join(folder, 'a');
    const stalled = await open(`${file}.tmp`, 'w');
    await replaceFile(file, { text: 'new', temporary: `${file}.tmp` });
    await stalled.writeFile('torn by a stalled process');
    await stalled.close();
    expect(await readFile(file, 'utf8')).to.equal('new');
  });
});

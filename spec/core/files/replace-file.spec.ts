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

  it('leaves the new text, for whom it says, and nothing else', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    await replaceFile(file, { text: 'new', temporary: join(folder, 'a.tmp'), mode: 0o600 });
    expect(await readFile(file, 'utf8')).to.equal('new');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.deep.equal(['a']);
  });

  it('leaves the old text when the new one cannot take its place', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    const problem = await replaceFile(file, { text: 'new', temporary: join(folder, 'none', 'a.tmp') }).catch(
      (error: unknown) => error,
    );
    expect(problem).to.have.property('code', 'ENOENT');
    expect(await readFile(file, 'utf8')).to.equal('old');
  });

  it('leaves the old text when it is not confirmed, before or after the new one was written', async () => {
    const file = join(folder, 'a');
    await writeFile(file, 'old');
    for (const refused of [1, 2]) {
      let calls = 0;
      const confirm = async (): Promise<void> => {
        if (++calls === refused) throw new Error('lost');
      };
      const problem = await replaceFile(file, { text: 'new', temporary: `${file}.tmp`, confirm }).catch(
        (error: unknown) => error,
      );
      expect(problem).to.have.property('message', 'lost');
      expect(calls).to.equal(refused);
      expect(await readFile(file, 'utf8')).to.equal('old');
      expect(await readdir(folder)).to.deep.equal(['a']);
    }
  });

  it('creates the temporary file, so that who still writes to an old one changes nothing', async () => {
    const file = join(folder, 'a');
    const stalled = await open(`${file}.tmp`, 'w');
    await replaceFile(file, { text: 'new', temporary: `${file}.tmp` });
    await stalled.writeFile('torn by a stalled process');
    await stalled.close();
    expect(await readFile(file, 'utf8')).to.equal('new');
  });
});

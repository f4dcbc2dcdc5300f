import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { ExportError, monitoringExport } from '../../../../cli/commands/monitoring/monitoring-export.js';
import { monitoringFiles } from '../../../../lib/monitoring/export/monitoring-files.js';
import { defaultSettings as settings } from '../../../../lib/monitoring/settings/settings.js';
import { captureOutput } from '../../../support/captured-output.js';

describe('tinyllm monitoring export', () => {
  let dir: string;

  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'tinyllm-monitoring-')), 'kit');
  });

  afterEach(() => rm(join(dir, '..'), { recursive: true }));

  async function write(to = dir, force = false): Promise<string> {
    const { output, stdout } = captureOutput();
    await monitoringExport({ dir: to, force, settings }, new Lifetime(output));
    return stdout.text;
  }

  const refusal = (to = dir) => write(to).catch((reason: unknown) => reason);

  it('creates a folder with all files, and names the README', async () => {
    expect(await write()).to.match(/^22 of 22 files written to .+kit; start with .+README\.md\.\n$/);
    for (const [path, text] of monitoringFiles(settings))
      expect(await readFile(join(dir, path), 'utf8')).to.equal(text);
  });

  it('does not touch current files and other files', async () => {
    await write();
    await writeFile(join(dir, 'own.txt'), 'mine');
    const { mtimeMs } = await stat(join(dir, 'compose.yaml'));
    expect(await write(dir, true)).to.match(/is up to date: 22 files\.\n$/);
    expect((await stat(join(dir, 'compose.yaml'))).mtimeMs).to.equal(mtimeMs);
    expect(await readFile(join(dir, 'own.txt'), 'utf8')).to.equal('mine');
  });

  it('writes nothing if a file was changed, unless --force is given', async () => {
    await write();
    const changed = join(dir, 'alertmanager/alertmanager.yml');
    await writeFile(changed, 'receivers: []');
    await rm(join(dir, 'runbook.md'));
    const error = await refusal();
    expect(error).to.be.instanceOf(ExportError);
    expect(String(error)).to.contain(
      `${changed} already exists and differs from the export; pass --force to overwrite it`,
    );
    expect(await readdir(dir)).not.to.include('runbook.md');
    expect(await write(dir, true)).to.match(/^2 of 22 files written/);
    expect(await write()).to.contain('up to date');
  });

  it('names a file that prevents the export', async () => {
    const file = join(dir, '../file');
    await writeFile(file, '');
    expect(String(await refusal(file))).to.match(/^ExportError: .+ cannot be (read|written): /);
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Gauge } from 'prom-client';
import { MetricsDeliveryError } from '../../../lib/core/errors/errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { checkMetricsFile, writeMetricsFile } from '../../../lib/core/push/textfile.js';
import { sampleValue } from '../../support/parse-text.js';

describe('writeMetricsFile', () => {
  const registry = new SharedRegistry();
  const gauge = new Gauge({ name: 'level', help: 'Level.', registers: [registry] });
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-textfile-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('replaces the file and leaves no other file', async () => {
    const file = join(folder, 'tinyllm.prom');
    await writeFile(file, 'old\n');
    gauge.set(3);
    await writeMetricsFile(file, registry);
    expect(sampleValue(await readFile(file, 'utf8'), 'level')).to.equal(3);
    expect(await readdir(folder)).to.deep.equal(['tinyllm.prom']);
  });

  it('never shows a partial file', async () => {
    const file = join(folder, 'tinyllm.prom');
    await writeMetricsFile(file, registry);
    const writing = Promise.all(Array.from({ length: 30 }, () => writeMetricsFile(file, registry)));
    const texts = await Promise.all(Array.from({ length: 60 }, () => readFile(file, 'utf8')));
    await writing;
    expect(new Set(texts).size).to.equal(1);
  });

  it('explains why it cannot write', async () => {
    for (const [file, says] of [
      [join(folder, 'a.txt'), 'does not end in .prom'],
      [join(folder, 'none', 'a.prom'), `the folder ${join(folder, 'none')} does not exist; create it`],
    ] as const) {
      const error = await writeMetricsFile(file, registry).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MetricsDeliveryError).with.property('message').that.contains(says);
    }
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('checks whether a file could be written, without changing it', async () => {
    await writeFile(join(folder, 'a.prom'), 'old\n');
    await mkdir(join(folder, 'b.prom'));
    await checkMetricsFile(join(folder, 'a.prom'));
    await checkMetricsFile(join(folder, 'new.prom'));
    for (const [file, says] of [
      [join(folder, 'none', 'a.prom'), 'does not exist; create it'],
      [join(folder, 'a.prom', 'a.prom'), 'a.prom is not a folder'],
      [join(folder, 'b.prom'), 'b.prom is a folder'],
    ] as const) {
      const error = await checkMetricsFile(file).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MetricsDeliveryError).with.property('message').that.contains(says);
    }
    expect((await readdir(folder)).sort()).to.deep.equal(['a.prom', 'b.prom']);
    expect(await readFile(join(folder, 'a.prom'), 'utf8')).to.equal('old\n');
  });
});

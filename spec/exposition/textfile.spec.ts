import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Gauge } from 'prom-client';
import { MetricsDeliveryError } from '../../lib/errors.js';
import { writeMetricsFile } from '../../lib/exposition/textfile.js';
import { SharedRegistry } from '../../lib/metrics/shared-registry.js';
import { sampleValue } from '../support/parse-text.js';

describe('writeMetricsFile', () => {
  const registry = new SharedRegistry();
  const gauge = new Gauge({ name: 'level', help: 'Level.', registers: [registry] });
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-textfile-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('replaces the file as a whole and leaves nothing else behind', async () => {
    const file = join(folder, 'tinyllm.prom');
    await writeFile(file, 'old\n');
    gauge.set(3);
    await writeMetricsFile(file, registry);
    expect(sampleValue(await readFile(file, 'utf8'), 'level')).to.equal(3);
    expect(await readdir(folder)).to.deep.equal(['tinyllm.prom']);
  });

  it('is never seen half written', async () => {
    const file = join(folder, 'tinyllm.prom');
    await writeMetricsFile(file, registry);
    const writing = Promise.all(Array.from({ length: 30 }, () => writeMetricsFile(file, registry)));
    const texts = await Promise.all(Array.from({ length: 60 }, () => readFile(file, 'utf8')));
    await writing;
    expect(new Set(texts).size).to.equal(1);
  });

  it('says why it cannot', async () => {
    for (const [file, says] of [
      [join(folder, 'a.txt'), 'does not end in .prom'],
      [join(folder, 'none', 'a.prom'), 'ENOENT'],
    ] as const) {
      const error = await writeMetricsFile(file, registry).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MetricsDeliveryError).with.property('message').that.contains(says);
    }
    expect(await readdir(folder)).to.deep.equal([]);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { HubFileError } from '../../../lib/hub/errors/hub-errors.js';
import { openHub } from '../../support/pushing.js';

const counter = (value: number): string => `# TYPE a_total counter\na_total ${value}\n`;

describe('a hub with a persistence file', () => {
  let folder: string;
  let persistenceFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    persistenceFile = join(folder, 'state');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const problem = (options = {}): Promise<unknown> =>
    openHub({ persistenceFile, ...options }).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('goes on where it was, gauges, special numbers and all', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    await put(
      'x',
      `${counter(0.1)}# TYPE g gauge\ng{a="\\"\\n"} NaN\nu -Inf\n# TYPE s summary\ns{quantile="0.5"} 3\ns_sum 1\ns_count 1\n`,
    );
    await put('y', counter(0.2));
    const sums = await hub.sums();
    await hub.close();
    const again = await openHub({ persistenceFile });
    expect(await again.hub.sums()).to.deep.equal(sums);
    await again.put('y', counter(0.3));
    expect((await again.sums()).a_total).to.deep.equal([0.4]);
    await again.hub.close();
    expect(await readdir(folder)).to.deep.equal(['state']);
  });

  it('has on disk whatever it has acknowledged, also under many pushes at once', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    for (let round = 1; round <= 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => put(`p${index}`, counter(round))));
      const copy = join(folder, 'copy');
      await writeFile(copy, await readFile(persistenceFile));
      const restored = await openHub({ persistenceFile: copy });
      expect((await restored.sums()).a_total).to.deep.equal([20 * round]);
      await restored.hub.close();
    }
    await hub.close();
  });

  it('refuses a file that is cut short or changed anywhere, and leaves it as it is', async function () {
    this.timeout(20_000);
    const { hub, put } = await openHub({ persistenceFile });
    await put('x', counter(1));
    await hub.close();
    const whole = await readFile(persistenceFile, 'utf8');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.boolean(), async (place, cut) => {
        const torn = cut ? whole.slice(0, place) : `${whole.slice(0, place)}~${whole.slice(place + 1)}`;
        await writeFile(persistenceFile, torn);
        expect(await problem()).to.be.instanceOf(HubFileError);
        expect(await readFile(persistenceFile, 'utf8')).to.equal(torn);
        expect(existsSync(`${persistenceFile}.lock`)).to.equal(false);
      }),
      { numRuns: 50 },
    );
    for (const [text, says] of [
      ['{}\n', 'not written by a hub'],
      ['tinyllm-hub 2\n', 'of another version'],
      ['', 'not written by a hub'],
    ] as const) {
      await writeFile(persistenceFile, text);
      expect(await problem())
        .to.have.property('message')
        .that.contains(says);
    }
  });

  it("is one hub's alone", async () => {
    const { hub } = await openHub({ persistenceFile });
    expect(await problem())
      .to.have.property('message')
      .that.contains(`in use by process ${process.pid}`);
    await hub.close();
    // A process that is not there any more; no id is as high.
    await writeFile(`${persistenceFile}.lock`, '2147483646 1');
    const again = await openHub({ persistenceFile });
    await again.hub.close();
    // This process's id, but of a process that started at another time: the id was used again.
    await writeFile(`${persistenceFile}.lock`, `${process.pid} 1`);
    const reused = await openHub({ persistenceFile });
    await reused.hub.close();
  });

  it('refuses a folder it cannot write to', async () => {
    expect(await problem({ persistenceFile: join(folder, 'none', 'state') }))
      .to.be.instanceOf(HubFileError)
      .with.property('message')
      .that.contains(`the folder ${join(folder, 'none')} does not exist; create it`);
    expect(await problem({ persistenceFile: folder }))
      .to.have.property('message')
      .that.contains('it is a folder; name a file');
  });

  it('refuses pushes, and leaves the file, after another hub has taken over its lock', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    await put('x', counter(1));
    const kept = await readFile(persistenceFile, 'utf8');
    await writeFile(`${persistenceFile}.lock`, '7 1 another-host/pid:[1] id');
    const failed = await put('x', counter(2)).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(HubFileError).and.have.property('message').that.contains('has taken over');
    expect(await readFile(persistenceFile, 'utf8')).to.equal(kept);
    await hub.close().catch(() => undefined);
    expect(await readdir(folder)).to.deep.equal(['state', 'state.lock']);
  });

  it('does not overwrite what another hub has written, also after that hub has ended', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    await put('x', counter(1));
    const lock = `${persistenceFile}.lock`;
    await writeFile(lock, '7 1 another-host/pid:[1] id');
    await put('x', counter(2)).catch(() => undefined);
    await writeFile(persistenceFile, 'of the other hub');
    await rm(lock);
    expect(await put('x', counter(3)).catch((error: unknown) => error)).to.be.instanceOf(HubFileError);
    expect(await hub.close().catch((error: unknown) => error)).to.be.instanceOf(HubFileError);
    expect(await readFile(persistenceFile, 'utf8')).to.equal('of the other hub');
    expect(await readdir(folder)).to.deep.equal(['state']);
  });

  it('refuses pushes while it cannot write, and serves nothing it has not kept', async () => {
    const { hub, put, sums } = await openHub({ persistenceFile });
    await put('x', counter(1));
    await rm(folder, { recursive: true });
    const failed = await put('x', counter(2)).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(HubFileError);
    expect(await sums().catch((error: unknown) => error)).to.be.instanceOf(HubFileError);
    await hub.close().catch(() => undefined);
  });
});

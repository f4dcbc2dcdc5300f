import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Compaction } from '../../../lib/hub/storage/compaction.js';
import { type HubFiles, nodeFiles } from '../../../lib/hub/storage/journal-file.js';
import { readJournal } from '../../../lib/hub/storage/read-journal.js';
import { openHub } from '../../support/pushing.js';

const counter = (value: number): string => `# TYPE a_total counter\na_total ${value}\n`;

describe('Compaction', () => {
  let folder: string;
  let persistenceFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    persistenceFile = join(folder, 'state');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('never runs twice at the same time and loses no acknowledged push, even if a sync fails while it starts', async () => {
    const slow = new SlowStart();
    const { hub, put } = await openHub({ persistenceFile, files: slow.files, compactionBytes: 1 });
    slow.isOn = true;
    await put('x', counter(1));
    slow.failsNextSync = true;
    const failed = await put('x', counter(2)).catch((error: Error) => error.message);
    expect(failed).to.contain('cannot be written');
    await put('x', counter(3));
    const copy = join(folder, 'copy');
    await copyFile(persistenceFile, copy);
    const restored = await openHub({ persistenceFile: copy });
    expect(await restored.sums()).to.deep.equal({ a_total: [3] });
    await restored.hub.close();
    await slow.hold;
    await hub.close();
    expect(slow.mostAtOnce).to.equal(1);
    expect(slow.openFiles.size).to.equal(0);
    expect((await readdir(folder)).sort()).to.deep.equal(['copy', 'state']);
  });

  it('leaves no open or temporary file if the hub is closed while a compaction starts', async () => {
    const slow = new SlowStart();
    const { hub, put } = await openHub({ persistenceFile, files: slow.files, compactionBytes: 1 });
    slow.isOn = true;
    await put('x', counter(1));
    await hub.close();
    expect(slow.openFiles.size).to.equal(0);
    expect(await readdir(folder)).to.deep.equal(['state']);
  });

  it('writes many changes in several frames', async () => {
    const path = join(folder, 'state');
    const compaction = new Compaction(path, nodeFiles);
    await compaction.write(['"first"'].values());
    const lines = Array.from({ length: 300 }, (_, index) => `"${index} ${'x'.repeat(100_000)}"`);
    const file = await compaction.complete(Buffer.from(lines.map((line) => `${line}\n`).join('')));
    await file.rename(path);
    await file.close();
    const found: string[] = [];
    const handle = await open(path);
    await readJournal(path, { handle, onLine: (line) => found.push(line) });
    await handle.close();
    expect(found).to.deep.equal(['"first"', ...lines]);
    const frames = (await readFile(path, 'latin1')).match(/^[sec] [0-9a-f]{8} /gm) ?? [];
    expect(frames.map((start) => start[0])).to.deep.equal(['s', 's', 's', 's', 'e']);
    for (const start of frames) expect(Number.parseInt(start.slice(2), 16)).to.be.at.most(8_388_608);
  });

  it('removes temporary files after a crash, and no other files', async () => {
    const left = ['state.tmp', 'state.0f8fad5b-d9cb-469f-a165-70867728950e.tmp'];
    const others = ['state.mine.tmp', 'state2.tmp', 'tmp'];
    for (const name of [...left, ...others]) await writeFile(join(folder, name), 'x');
    const { hub } = await openHub({ persistenceFile });
    await hub.close();
    expect((await readdir(folder)).sort()).to.deep.equal(['state', ...others].sort());
  });
});

/** File operations. While `isOn`, the first operation on a temporary file waits. */
class SlowStart {
  isOn = false;
  failsNextSync = false;
  hold: Promise<void> | undefined;
  /** The maximum number of temporary files at the same time. */
  mostAtOnce = 0;
  readonly openFiles = new Set<object>();
  #temporary = 0;
  #release: () => void = () => undefined;

  readonly files: HubFiles = {
    rm: async (path, options) => {
      await this.#wait(path);
      if (path.endsWith('.tmp') && existsSync(path)) this.#temporary -= 1;
      await nodeFiles.rm(path, options);
    },
    rename: async (from, to) => {
      await nodeFiles.rename(from, to);
      this.#temporary -= 1;
    },
    open: async (path, flags, mode) => {
      const isHeld = await this.#wait(path);
      const handle = await nodeFiles.open(path, flags, mode);
      this.openFiles.add(handle);
      if (path.endsWith('.tmp')) this.#temporary += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#temporary);
      const sync = handle.datasync.bind(handle);
      const close = handle.close.bind(handle);
      return Object.assign(handle, {
        datasync: async () => {
          if (this.failsNextSync) {
            this.failsNextSync = false;
            throw Object.assign(new Error('EIO: injected'), { code: 'EIO', syscall: 'fdatasync' });
          }
          await sync();
          if (!path.endsWith('.tmp') || this.hold === undefined || isHeld) return;
          // Another temporary file is complete. Release the waiting operation now, to test that it does not disturb
          // that file.
          this.#release();
          await delay(20);
        },
        close: async () => {
          this.openFiles.delete(handle);
          await close();
        },
      });
    },
  };

  /** Resolves to whether an operation waited. */
  async #wait(path: string): Promise<boolean> {
    if (!this.isOn || !path.endsWith('.tmp') || this.hold !== undefined) return false;
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.hold = Promise.race([released, delay(300)]);
    await this.hold;
    return true;
  }
}

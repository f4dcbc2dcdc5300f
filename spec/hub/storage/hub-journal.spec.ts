import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HubFileError } from '../../../lib/hub/errors/hub-errors.js';
import { type HubFiles, nodeFiles } from '../../../lib/hub/storage/journal-file.js';
import { eventually } from '../../support/eventually.js';
import { openHub, rejectionOf } from '../../support/pushing.js';

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

  it('restores its state after a restart, including gauges and special numbers', async () => {
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

  it('has every acknowledged push on disk, also with concurrent pushes', async () => {
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

  it('starts with the last complete batch of a truncated file, and rejects a changed file', async function () {
    this.timeout(30_000);
    const { hub, put } = await openHub({ persistenceFile });
    await put('x', counter(1));
    await hub.close();
    // The next hub writes a snapshot with the first push, and then two batches.
    const next = await openHub({ persistenceFile });
    const snapshotBytes = (await stat(persistenceFile)).size;
    const ends = [snapshotBytes];
    for (const value of [2, 3]) {
      await next.put('x', counter(value));
      ends.push((await stat(persistenceFile)).size);
    }
    await next.hub.close();
    const whole = await readFile(persistenceFile);
    const open = async (bytes: Buffer): Promise<unknown> => {
      await writeFile(persistenceFile, bytes);
      const opened = await openHub({ persistenceFile }).catch((error: unknown) => error as Error);
      if (opened instanceof Error) {
        expect(await readFile(persistenceFile)).to.deep.equal(bytes);
        expect(existsSync(`${persistenceFile}.lock`)).to.equal(false);
        return opened.message;
      }
      const [total] = (await opened.sums()).a_total ?? [];
      await opened.hub.close();
      return total;
    };
    const damaged = new RegExp(
      `^${persistenceFile} is not a valid hub file: .+ \\(byte \\d+\\); restore it from a backup, or move`,
    );
    for (let length = 0; length <= whole.length; length += 13) {
      const outcome = await open(whole.subarray(0, length));
      const batches = ends.filter((end) => end <= length).length;
      if (batches === 0) expect(outcome).to.match(damaged);
      else expect(outcome).to.equal(batches);
    }
    for (let place = 0; place < whole.length; place += 13) {
      const changed = Buffer.from(whole);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(await open(changed), `a change of byte ${place}`).to.match(/is not a valid hub file: .+ \(byte \d+\)/);
    }
    // After a power loss, a file system can have enlarged the file without writing its content.
    const zeros = Buffer.concat([whole.subarray(0, ends[1]), Buffer.alloc(whole.length - (ends[1] ?? 0))]);
    expect(await open(zeros)).to.equal(2);
    for (const [text, says] of [
      ['{}\n', 'not written by a hub'],
      ['tinyllm-hub 3\n', 'has another version'],
      ['', 'not written by a hub'],
    ] as const) {
      expect(await open(Buffer.from(text))).to.contain(says);
    }
  });

  it('rejects a file in which a batch is missing or repeated', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    const ends: number[] = [];
    for (const value of [1, 2, 3]) {
      await put('x', counter(value));
      ends.push((await stat(persistenceFile)).size);
    }
    await hub.close();
    const whole = await readFile(persistenceFile);
    const [first, second] = ends as [number, number];
    for (const parts of [
      [whole.subarray(0, first), whole.subarray(second)],
      [whole.subarray(0, second), whole.subarray(first)],
    ]) {
      await writeFile(persistenceFile, Buffer.concat(parts));
      expect(await problem())
        .to.have.property('message')
        .that.contains('a checksum does not match (byte');
    }
  });

  it('upgrades a file of version 1', async () => {
    let now = 2_000_000;
    const lines = [
      'tinyllm-hub 1',
      '{"family":"a_total","type":"counter","help":"","bounds":[],"totals":[["b=\\"2\\",a=\\"1\\"",7,[[1e-20,3]]],["",7,[[]]]]}',
      '{"family":"g","type":"gauge","help":"G.","bounds":[],"totals":[]}',
      '{"group":[["job","spec"],["instance","x"]],"pushedAt":1995000,"expired":false,"processStart":5,"families":[["a_total",[["b=\\"2\\",a=\\"1\\"",[3],null,[]]]],["g",[["",["NaN"],null,[]]]]]}',
    ].map((line) => `${line}\n`);
    const checksum = createHash('sha256').update(lines.join('')).digest('hex');
    await writeFile(persistenceFile, `${lines.join('')}sha256 ${checksum}\n`);
    const { hub, post, sums } = await openHub({ persistenceFile, expireSeconds: 10, now: () => now });
    expect(await sums()).to.deep.equal({ 'a_total{b="2",a="1"}': [3], a_total: [0], g: [Number.NaN] });
    await post('x', '# TYPE a_total counter\na_total{a="1",b="2"} 5\n');
    now += 10_001;
    expect(await sums()).to.deep.equal({ 'a_total{b="2",a="1"}': [5], a_total: [0] });
    await hub.close();
    const again = await openHub({ persistenceFile });
    expect(await again.sums()).to.deep.equal({ 'a_total{b="2",a="1"}': [5], a_total: [0] });
    await again.hub.close();
    await writeFile(persistenceFile, `${lines.join('')}sha256 ${checksum.replace(/./, 'x')}\n`);
    expect(await problem())
      .to.have.property('message')
      .that.contains('incomplete or was changed');
  });

  it('keeps every acknowledged push during compactions, which write a bounded amount', async function () {
    this.timeout(30_000);
    let now = 0;
    const written = { bytes: 0, renames: 0 };
    const files = countedFiles(written);
    const options = { persistenceFile, files, compactionBytes: 4_000, expireSeconds: 1, now: () => now };
    const { hub, post, end, sums } = await openHub(options);
    written.bytes = 0;
    const pushed = new Map<string, number>();
    const run = async (who: string): Promise<void> => {
      for (let round = 1; round <= 60; round += 1) {
        now += 40;
        await post(who, `${counter(round)}# TYPE g gauge\ng{who="${who}"} ${round}\n`);
        pushed.set(who, round);
        if (round % 20 === 0 && who === 'p3') await end(who);
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => run(`p${index}`)));
    const expected = 11 * 60 + 20 + 40 + 60;
    expect((await sums()).a_total).to.deep.equal([expected]);
    const { size } = await stat(persistenceFile);
    expect(written.renames).to.be.greaterThan(3);
    expect(size).to.be.lessThan(100_000);
    const copy = join(folder, 'copy');
    await copyFile(persistenceFile, copy);
    const restored = await openHub({ persistenceFile: copy });
    expect((await restored.sums()).a_total).to.deep.equal([expected]);
    await restored.post('p1', counter(61));
    expect((await restored.sums()).a_total).to.deep.equal([expected + 1]);
    await restored.hub.close();
    await hub.close();
  });

  it('writes as many bytes as a push contains, independently of the stored state', async function () {
    this.timeout(60_000);
    const bytesOfPush = async (pushers: number): Promise<number> => {
      const written = { bytes: 0, renames: 0 };
      const { hub, put } = await openHub({
        persistenceFile: join(folder, String(pushers)),
        files: countedFiles(written),
        compactionBytes: 1e9,
      });
      const push = (who: number, value: number): Promise<unknown> =>
        put(`p${who}`, Array.from({ length: 50 }, (_, one) => `b{who="${who}",n="${one}"} ${value}\n`).join(''));
      await Promise.all(Array.from({ length: pushers }, (_, who) => push(who, 1)));
      const before = written.bytes;
      for (let who = 0; who < 10; who += 1) await push(who, 2);
      await hub.close();
      return (written.bytes - before) / 10;
    };
    const few = await bytesOfPush(20);
    expect(await bytesOfPush(400)).to.be.within(few * 0.9, few * 1.1);
  });

  it('writes only the changed series of a pusher with many series that have a creation time', async () => {
    const written = { bytes: 0, renames: 0 };
    const { hub, put, post, sums } = await openHub({ persistenceFile, files: countedFiles(written) });
    const dated = (count: number, value: number): string => {
      const lines = (name: string, number: number) =>
        Array.from({ length: count }, (_, index) => `${name}{n="${index}"} ${number}\n`).join('');
      return `# TYPE a_total counter\n${lines('a_total', value)}# TYPE a_created gauge\n${lines('a_created', 5)}`;
    };
    await put('x', dated(2_000, 1));
    written.bytes = 0;
    for (let round = 2; round <= 11; round += 1) {
      await post('x', dated(1, round));
      await put('x', '');
    }
    expect(written.bytes).to.be.lessThan(20_000);
    const before = await sums();
    expect(before['a_total{n="0"}']).to.deep.equal([11]);
    await hub.close();
    const again = await openHub({ persistenceFile });
    await again.put('x', dated(2_000, 12));
    const after = await again.sums();
    expect(Object.keys(after)).to.have.length(2_000);
    expect(Object.values(after).every(([total]) => total === 12)).to.equal(true);
    await again.hub.close();
  });

  for (const outcome of ['succeeds', 'fails'] as const) {
    it(`keeps a gauge of two pushers when one of them expires during a write that ${outcome}`, async () => {
      let now = 1e12;
      const disk = heldFiles();
      const { hub, put, sums } = await openHub({ persistenceFile, files: disk.files, now: () => now });
      const gauge = (name: string, value: number): string => `# TYPE ${name} gauge\n${name} ${value}\n`;
      await put('a', gauge('g', 1));
      now += 290_000;
      if (outcome === 'fails') await put('b', gauge('g', 2) + gauge('keep', 1));
      disk.hold(outcome === 'fails');
      const pushed = put('b', outcome === 'fails' ? gauge('keep', 1) : gauge('g', 2)).catch(() => undefined);
      await eventually(async () => disk.isWaiting);
      now += 20_000;
      // Both a push and a scrape look for expired pushers. If the write succeeds, the scrape comes first.
      const other = outcome === 'fails' ? put('c', gauge('keep', 1)).catch(() => undefined) : sums();
      await new Promise((resolve) => setImmediate(resolve));
      await sums();
      disk.release();
      await Promise.all([pushed, other]);
      const expected = outcome === 'fails' ? { g: [2], keep: [1] } : { g: [2] };
      expect(await sums()).to.deep.equal(expected);
      await put('c', gauge('other', 1));
      expect(await sums()).to.deep.equal({ ...expected, other: [1] });
      await hub.close();
      const again = await openHub({ persistenceFile, now: () => now });
      expect(await again.sums()).to.deep.equal({ ...expected, other: [1] });
      await again.hub.close();
    });
  }

  it("also after a restart, rejects a metric whose samples have the names of another metric's samples", async () => {
    let now = 1e12;
    const options = { persistenceFile, now: () => now };
    const gauge = (name: string): string => `# TYPE ${name} gauge\n${name} 1\n`;
    const summary = (name: string): string => `# TYPE ${name} summary\n${name}_sum 1\n${name}_count 1\n`;
    const { hub, put, end, sums } = await openHub(options);
    await put('a', gauge('left_count'));
    await put('a', gauge('z'));
    await put('b', gauge('ended_count'));
    await end('b');
    await put('c', gauge('silent_count'));
    now += 301_000;
    await put('d', summary('left') + summary('ended') + summary('silent'));
    const names = ['left', 'ended', 'silent'];
    const check = async (one: typeof put): Promise<void> => {
      for (const name of names) expect(await rejectionOf(one('e', gauge(`${name}_count`)))).to.match(/^409 /);
    };
    await check(put);
    const before = await sums();
    await hub.close();
    const again = await openHub(options);
    await check(again.put);
    expect(await again.sums()).to.deep.equal(before);
    await again.hub.close();
  });

  it('restores no gauges and quantiles that had expired', async () => {
    let now = 1_800_000_000_000;
    const options = { persistenceFile, now: () => now, expireSeconds: 300 };
    const gauge = (value: number): string => `# TYPE queue gauge\nqueue ${value}\n`;
    const large = (value: number): string =>
      `# TYPE large counter\n${Array.from({ length: 2_100 }, (_, index) => `large{i="${index}"} ${value}\n`).join('')}`;
    const summary = '# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 10\ns_count 3\n';
    const { hub, post, sums } = await openHub(options);
    await post('small', `${gauge(5)}${counter(1)}`);
    await post('only-a-gauge', gauge(20));
    await post('large', `${gauge(100)}${large(1)}${summary}`);
    await post('live', gauge(7));
    now += 200_000;
    await post('live', gauge(7));
    now += 200_000;
    await post('small', counter(2));
    await post('only-a-gauge', '# TYPE other gauge\nother 1\n');
    await post('large', '# TYPE large counter\nlarge{i="0"} 2\n');
    const before = await sums();
    expect(before.queue).to.deep.equal([7]);
    await hub.close();
    const again = await openHub(options);
    expect(await again.sums()).to.deep.equal(before);
    await again.hub.close();
  });

  it('can be closed twice', async () => {
    const { hub, put } = await openHub({ persistenceFile });
    await put('x', counter(1));
    const closing = hub.close();
    await hub.close();
    await closing;
    expect(await readdir(folder)).to.deep.equal(['state']);
  });

  it('can be used by only one hub', async () => {
    const { hub } = await openHub({ persistenceFile });
    expect(await problem())
      .to.have.property('message')
      .that.contains(`in use by process ${process.pid}`);
    await hub.close();
    // A process that does not exist. No process ID is that high.
    await writeFile(`${persistenceFile}.lock`, '2147483646 1');
    const again = await openHub({ persistenceFile });
    await again.hub.close();
    // The ID of this process with another start time, as after the ID was reused.
    await writeFile(`${persistenceFile}.lock`, `${process.pid} 1`);
    const reused = await openHub({ persistenceFile });
    await reused.hub.close();
  });

  it('rejects a folder that it cannot write to', async () => {
    expect(await problem({ persistenceFile: join(folder, 'none', 'state') }))
      .to.be.instanceOf(HubFileError)
      .with.property('message')
      .that.contains(`the folder ${join(folder, 'none')} does not exist; create it`);
    expect(await problem({ persistenceFile: folder }))
      .to.have.property('message')
      .that.contains('it is a folder; expected a file');
  });

  it('rejects pushes and does not change the file after another hub has taken over its lock', async () => {
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

  it('does not overwrite the data of another hub, even after that hub has ended', async () => {
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

  it('rejects pushes while the folder is missing, and exports the stored state', async () => {
    const { hub, put, sums } = await openHub({ persistenceFile });
    await put('x', counter(1));
    await rm(folder, { recursive: true });
    const failed = await put('x', counter(2)).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(HubFileError);
    expect(await sums()).to.deep.equal({ a_total: [1] });
    expect(hub.problem).to.equal(failed);
    await mkdir(folder);
    await put('x', counter(3));
    expect(hub.problem).to.equal(undefined);
    expect(await sums()).to.deep.equal({ a_total: [3] });
    await hub.close();
    const again = await openHub({ persistenceFile });
    expect(await again.sums()).to.deep.equal({ a_total: [3] });
    await again.hub.close();
  });

  for (const operation of ['write', 'datasync', 'rename', 'open'] as const) {
    for (const code of ['ENOSPC', 'EIO'] as const) {
      it(`neither loses nor doubles a count if ${operation} fails repeatedly with ${code}`, async () => {
        const fault = { operation, code, isOn: false, failures: 0 };
        const files = failingFiles(fault);
        const { hub, put, sums } = await openHub({ persistenceFile, files, compactionBytes: 500 });
        const stored = [0, 0];
        for (let round = 1; round <= 60; round += 1) {
          fault.isOn = round % 20 > 9;
          const outcomes = await Promise.allSettled([put('x', counter(round)), put('y', counter(round))]);
          for (const [who, outcome] of outcomes.entries()) {
            if (outcome.status === 'fulfilled') stored[who] = round;
            else expect(outcome.reason).to.be.instanceOf(HubFileError);
          }
          expect(await sums()).to.deep.equal({ a_total: [(stored[0] ?? 0) + (stored[1] ?? 0)] });
        }
        expect(fault.failures).to.be.greaterThan(0);
        fault.isOn = false;
        await put('x', counter(61));
        await put('y', counter(61));
        await hub.close();
        const again = await openHub({ persistenceFile });
        expect(await again.sums()).to.deep.equal({ a_total: [122] });
        await again.hub.close();
      });
    }
  }

  it('rejects pushes after it is closed, and undoes them', async () => {
    const { hub, put, sums } = await openHub({ persistenceFile });
    await put('x', counter(1));
    const closing = hub.close();
    const message = (attempt: Promise<unknown>): Promise<string> =>
      attempt.then(String, (error: Error) => error.message);
    const closed = `${persistenceFile} cannot be written: the hub is closed; open a new hub.`;
    expect(await message(put('y', counter(2)))).to.equal(closed);
    await closing;
    expect(await message(put('z', counter(3)))).to.equal(closed);
    expect(hub.problem).to.equal(undefined);
    expect(await sums()).to.deep.equal({ a_total: [1] });
    expect(await readdir(folder)).to.deep.equal(['state']);
    const again = await openHub({ persistenceFile });
    expect(await again.sums()).to.deep.equal({ a_total: [1] });
    await again.hub.close();
  });

  it('becomes ready again without a push', async function () {
    this.timeout(10_000);
    const fault: Fault = { operation: 'write', code: 'ENOSPC', isOn: false, failures: 0 };
    const { hub, put } = await openHub({ persistenceFile, files: failingFiles(fault) });
    fault.isOn = true;
    await put('x', counter(1)).catch(() => undefined);
    expect(hub.problem?.message).to.contain('there is no space left');
    fault.isOn = false;
    await eventually(async () => hub.problem === undefined);
    await hub.close();
  });
});

function countedFiles(written: { bytes: number; renames: number }): HubFiles {
  return {
    ...nodeFiles,
    rename: async (from, to) => {
      written.renames += 1;
      await nodeFiles.rename(from, to);
    },
    open: async (path, flags, mode) => {
      const handle = await nodeFiles.open(path, flags, mode);
      const write = handle.write.bind(handle) as (...values: readonly unknown[]) => Promise<{ bytesWritten: number }>;
      const counted = async (...values: readonly unknown[]): Promise<unknown> => {
        const result = await write(...values);
        written.bytes += result.bytesWritten;
        return result;
      };
      return Object.assign(handle, { write: counted });
    },
  };
}

/** File operations whose syncs wait between `hold` and `release`, and can fail. */
function heldFiles() {
  let held: { readonly fails: boolean; readonly wait: Promise<void>; readonly end: () => void } | undefined;
  const disk = {
    isWaiting: false,
    hold: (fails: boolean): void => {
      let end = (): void => undefined;
      const wait = new Promise<void>((resolve) => {
        end = resolve;
      });
      held = { fails, wait, end };
    },
    release: (): void => {
      held?.end();
      held = undefined;
    },
    files: {
      ...nodeFiles,
      open: async (path, flags, mode) => {
        const handle = await nodeFiles.open(path, flags, mode);
        const sync = handle.datasync.bind(handle);
        const datasync = async (): Promise<void> => {
          const mine = held;
          disk.isWaiting = mine !== undefined;
          await mine?.wait;
          if (mine?.fails === true) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fdatasync' });
          await sync();
        };
        return Object.assign(handle, { datasync });
      },
    } satisfies HubFiles as HubFiles,
  };
  return disk;
}

interface Fault {
  readonly operation: 'write' | 'datasync' | 'rename' | 'open';
  readonly code: 'ENOSPC' | 'EIO';
  isOn: boolean;
  failures: number;
}

/** File operations. While `isOn`, one operation fails; a failed write is incomplete. */
function failingFiles(fault: Fault): HubFiles {
  const failIfOn = (operation: Fault['operation']): void => {
    if (!fault.isOn || fault.operation !== operation) return;
    fault.failures += 1;
    throw Object.assign(new Error(`${fault.code}: injected, ${operation}`), { code: fault.code, syscall: operation });
  };
  return {
    ...nodeFiles,
    rename: async (from, to) => {
      failIfOn('rename');
      await nodeFiles.rename(from, to);
    },
    open: async (path, flags, mode) => {
      failIfOn('open');
      const handle = await nodeFiles.open(path, flags, mode);
      const write = handle.write.bind(handle) as (bytes: Buffer, ...rest: readonly number[]) => Promise<unknown>;
      const sync = handle.datasync.bind(handle);
      return Object.assign(handle, {
        write: async (bytes: Buffer, start: number, length: number, position: number) => {
          if (fault.isOn && fault.operation === 'write') await write(bytes, start, length >> 1, position);
          failIfOn('write');
          return write(bytes, start, length, position);
        },
        datasync: async () => {
          await sync();
          failIfOn('datasync');
        },
      });
    },
  };
}

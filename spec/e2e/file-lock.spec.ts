import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const isolation = ['--fork', '--pid', '--mount-proc', '--kill-child'];

/** Whether this process may create namespaces. If not, the spec uses invented scopes of process IDs. */
const isPermitted = spawnSync('unshare', [...isolation, 'true']).status === 0;

/** A program that locks the file and then replies to each line of its input with a line of JSON. */
const program = (entry: string, scope: string | undefined): string => `
  import { createInterface } from 'node:readline';
  import { lockFile, replaceFile } from '${entry}';
  const file = process.argv[1];
  const options = ${JSON.stringify({ heartbeatMilliseconds: 100, staleMilliseconds: 1_000, scope })};
  const claimed = await lockFile(file, options);
  const print = (value) => console.log(JSON.stringify(value));
  print('release' in claimed ? 'held' : claimed.heldBy);
  const confirm = async () => {
    if (!(await claimed.isHeld())) throw new Error('lost');
  };
  const actions = {
    write: () => replaceFile(file, { text: String(process.hrtime()), temporary: file + '.tmp', confirm })
      .then(() => 'written', ({ message }) => message),
    release: () => claimed.release().then(() => 'released'),
  };
  for await (const line of createInterface(process.stdin)) print(await actions[line]());`;

describe(`a file lock across ${isPermitted ? 'PID namespaces' : 'invented scopes of process IDs'}`, function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;
  const children: ChildProcessByStdio<Writable, Readable, null>[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-namespaces-'));
    file = join(folder, 'state');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  const entry = pathToFileURL(resolve('lib/core/dist/configuration.js')).href;

  async function contend({ sharesProc = false } = {}) {
    const flags = isolation.filter((flag) => !sharesProc || flag !== '--mount-proc');
    const scope = isPermitted ? undefined : `invented/${children.length}`;
    const node = [process.execPath, '--input-type=module', '--eval', program(entry, scope), file];
    const [command = '', ...args] = isPermitted ? ['unshare', ...flags, ...node] : node;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? 'null');
    const ask = (action: 'write' | 'release'): Promise<unknown> => {
      child.stdin.write(`${action}\n`);
      return next();
    };
    return { child, id: isPermitted ? '1' : String(child.pid), claimed: await next(), ask };
  }

  /** Sends a signal to the process in the namespace, which is a child of `unshare`. */
  async function signal(child: { readonly pid?: number | undefined }, name: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (!isPermitted) {
      process.kill(Number(child.pid), name);
      return;
    }
    const ids = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    process.kill(Number(ids.trim()), name);
  }

  it('stays with a running process', async () => {
    const holder = await contend();
    expect(holder.claimed).to.equal('held');
    expect((await contend()).claimed).to.equal(holder.id);
    expect(await holder.ask('write')).to.equal('written');
  });

  it('stays with a running process if /proc shows another namespace', async () => {
    const holder = await contend({ sharesProc: true });
    expect(holder.claimed).to.equal('held');
    expect((await contend({ sharesProc: true })).claimed).to.equal(holder.id);
  });

  it('is taken over from a killed process', async () => {
    const { child } = await contend();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await contend()).claimed).to.equal('held');
  });

  it('is lost by a process that was suspended for longer than the stale time, which then cannot write', async () => {
    const stopped = await contend();
    await signal(stopped.child, 'SIGSTOP');
    const second = await contend();
    expect(second.claimed).to.equal('held');
    expect(await second.ask('write')).to.equal('written');
    const written = await readFile(file, 'utf8');
    await signal(stopped.child, 'SIGCONT');
    expect(await stopped.ask('write')).to.equal('lost');
    expect(await stopped.ask('release')).to.equal('released');
    expect(await readdir(folder)).to.deep.equal(['state', 'state.lock']);
    expect(await second.ask('release')).to.equal('released');
    expect(await readFile(file, 'utf8')).to.equal(written);
  });

  it('stays lost if the new holder has released it before the suspended process continues', async () => {
    const stopped = await contend();
    await signal(stopped.child, 'SIGSTOP');
    const second = await contend();
    expect(await second.ask('write')).to.equal('written');
    expect(await second.ask('release')).to.equal('released');
    const written = await readFile(file, 'utf8');
    await signal(stopped.child, 'SIGCONT');
    expect(await stopped.ask('write')).to.equal('lost');
    expect(await readFile(file, 'utf8')).to.equal(written);
    expect(await readdir(folder)).to.deep.equal(['state']);
  });
});

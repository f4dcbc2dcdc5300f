import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const isolation = ['unshare', '--fork', '--pid', '--mount-proc', '--kill-child'];

/** Creating a namespace needs a right that not every machine gives. Without it, the scopes are invented. */
const isPermitted = spawnSync('unshare', [...isolation.slice(1), 'true']).status === 0;

describe(`a file lock across ${isPermitted ? 'PID namespaces' : 'invented scopes of process IDs'}`, function () {
  this.timeout(60_000);
  let folder: string;
  const children: ChildProcessByStdio<null, Readable, null>[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-namespaces-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const entry = pathToFileURL(resolve('lib/core/dist/configuration.js')).href;

  /** Locks the file in a process that can't see the other ones, as in a container. Resolves to what it prints. */
  async function contend(name: string) {
    const options = isPermitted ? {} : { scope: `invented/${children.length}` };
    const code = `
      import { lockFile } from '${entry}';
      const claimed = await lockFile(process.argv[1], ${JSON.stringify(options)});
      const { heldBy, isElsewhere } = claimed;
      console.log(JSON.stringify('release' in claimed ? { isHeld: await claimed.isHeld() } : { heldBy, isElsewhere }));
      if ('release' in claimed) setInterval(() => {}, 1_000);`;
    const node = [process.execPath, '--input-type=module', '--eval', code, join(folder, name)];
    const [command = '', ...args] = isPermitted ? [...isolation, ...node] : node;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, id: isPermitted ? '1' : String(child.pid), result: JSON.parse(line) as unknown };
  }

  it('is not taken from a process that runs', async () => {
    const { id, result } = await contend('running');
    expect(result).to.deep.equal({ isHeld: true });
    expect((await contend('running')).result).to.deep.equal({ heldBy: id, isElsewhere: true });
  });

  it('is taken over from a process that was killed', async () => {
    const { child } = await contend('killed');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await contend('killed')).result).to.deep.equal({ isHeld: true });
  });
});

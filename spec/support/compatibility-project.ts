import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CompatibilityRow } from '../compatibility/rows.js';
import { ask } from './ask.js';

const execute = promisify(execFile);

/**
 * The folder into which `.ci/fetch-compatibility` installs the tools. Rows run below it, so that they find the tools.
 */
const toolsFolder = resolve('.cache/compatibility');

/** The waiting time before each scrape while the main thread is blocked, in milliseconds. */
const pauses = [0, 1_000];

/**
 * Time limits in milliseconds for a build command, the start of the application, one scrape, and the application's
 * exit.
 */
const limits = { build: 300_000, start: 60_000, scrape: 5_000, end: 20_000 };

/** Checks whether the tools are installed in the versions of the lock file. */
export async function hasCompatibilityTools(): Promise<boolean> {
  try {
    const [wanted, installed] = await Promise.all(
      ['spec/compatibility/package-lock.json', join(toolsFolder, 'installed-lock.json')].map((file) => readFile(file)),
    );
    return wanted!.equals(installed!);
  } catch {
    return false;
  }
}

/** The folders in which rows run: one with the package as npm packs and installs it, and one with a link to it. */
export class CompatibilityProject {
  #rows = 0;

  private constructor(private readonly folder: string) {}

  static async make(): Promise<CompatibilityProject> {
    const runs = join(toolsFolder, 'runs');
    await mkdir(runs, { recursive: true });
    const project = new CompatibilityProject(await mkdtemp(join(runs, 'run-')));
    await project.#installPacked();
    const linked = join(project.folder, 'linked/node_modules');
    await mkdir(linked, { recursive: true });
    await symlink(resolve('lib/core'), join(linked, 'tinyllm'), 'dir');
    return project;
  }

  /**
   * Builds a row's application, runs it and scrapes it twice while its main thread is blocked. Returns the last scrape.
   *
   * The application unblocks its main thread after the scrapes, closes its metrics server and ends.
   *
   * @throws {Error} if a build command fails, or if the application isn't scraped or doesn't end as it should within
   * the limits.
   */
  async run(row: CompatibilityRow, node: string): Promise<string> {
    this.#rows += 1;
    const folder = join(this.folder, row.linked ? 'linked' : 'packed', `row-${this.#rows}`);
    await writeRow(row, folder);
    const env = environment(row, folder, node);
    for (const command of row.build ?? []) {
      const build = start(command, folder, env);
      try {
        await build.ended(limits.build);
        if (build.exit !== 0) throw new Error(`${command} ended with ${build.exit}:\n${build.output}`);
      } finally {
        build.kill();
      }
    }
    const application = start(row.run, folder, env);
    try {
      return await scrapeBlocked(row, application, folder);
    } finally {
      application.kill();
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #installPacked(): Promise<void> {
    const args = ['pack', '--workspace', 'tinyllm', '--ignore-scripts', '--json', '--pack-destination', this.folder];
    const [{ filename }] = JSON.parse((await execute('npm', args)).stdout);
    const modules = join(this.folder, 'packed/node_modules');
    await mkdir(join(modules, 'tinyllm'), { recursive: true });
    const target = join(modules, 'tinyllm');
    await execute('tar', ['-xzf', join(this.folder, filename), '--strip-components=1', '-C', target]);
    await copyDependencies(resolve('lib/core'), modules);
  }
}

/** Copies the direct and transitive dependencies of a package into one flat folder. */
async function copyDependencies(folder: string, modules: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const target = join(modules, name);
    if (existsSync(target)) continue;
    const places = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
    const source = places.map((place) => join(place, name)).find((place) => existsSync(place));
    if (source === undefined) throw new Error(`${name} of ${folder} is not installed; run npm ci.`);
    await cp(source, target, { recursive: true, dereference: true });
    await copyDependencies(source, modules);
  }
}

async function writeRow({ files, packageType = 'module', compilerOptions }: CompatibilityRow, folder: string) {
  const options = {
    ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2024', 'esnext.disposable'] },
    ...{ types: ['node'], strict: true, skipLibCheck: true, rootDir: '.' },
    ...compilerOptions,
  };
  const written: Record<string, string | readonly string[]> = {
    'package.json': JSON.stringify({
      private: true,
      ...(packageType === 'unset' ? {} : { type: packageType }),
      dependencies: { tinyllm: '*' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: options }),
    ...files,
  };
  for (const [name, content] of Object.entries(written)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      typeof content === 'string' ? content : (await Promise.all(content.map(readPart))).join('\n'),
    );
  }
}

async function readPart(part: string): Promise<string> {
  if (!/^(?:[\w-]+\/)?[\w-]+\.ts$/.test(part)) return part;
  return readFile(join('spec/compatibility', part.includes('/') ? '' : 'application', part), 'utf8');
}

function environment({ env }: CompatibilityRow, folder: string, node: string): NodeJS.ProcessEnv {
  const path = [dirname(node), join(toolsFolder, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  const own = {
    APPLICATION_FOLDER: folder,
    PATH: path,
    NODE_OPTIONS: '',
    NEXT_TELEMETRY_DISABLED: '1',
    TINYLLM_HUB: '',
  };
  const { NODE_ENV: _, TINYLLM_E2E: __, ...inherited } = process.env;
  return { ...inherited, ...own, ...env };
}

async function scrapeBlocked(row: CompatibilityRow, application: Running, folder: string): Promise<string> {
  if (row.request !== undefined) {
    const server = await application.until(() => /http:\/\/[\w.]+:\d+/.exec(application.output)?.[0], limits.start);
    ask(`${server}${row.request}`).then(
      ({ status }) => {
        if (status !== 200) application.fail(`${row.request} returned ${status}`);
      },
      // The server was stopped before it responded.
      () => undefined,
    );
  }
  const url = await application.until(() => readIfThere(join(folder, 'url')), limits.start);
  let scraped = '';
  for (const pause of pauses) {
    await sleep(pause);
    try {
      scraped = (await ask(`${url}/metrics`, { signal: AbortSignal.timeout(limits.scrape) })).body;
    } catch (cause) {
      const problem = `${row.run} did not respond to a scrape within ${limits.scrape} ms while its main thread was blocked`;
      throw new Error(`${problem}:\n${application.output}`, { cause });
    }
  }
  await writeFile(join(folder, 'scraped'), '');
  const isClosed = () => existsSync(join(folder, 'closed'));
  if (row.request !== undefined) {
    await application.until(isClosed, limits.end);
    application.stop();
  }
  await application.ended(limits.end);
  if (application.exit !== (row.exit ?? 0) || !isClosed()) {
    const closing = isClosed() ? 'after' : 'without';
    throw new Error(`${row.run} ended with ${application.exit} ${closing} close():\n${application.output}`);
  }
  return scraped;
}

async function readIfThere(file: string): Promise<string | undefined> {
  return existsSync(file) ? (await readFile(file, 'utf8')) || undefined : undefined;
}

/** A running command in its own process group. */
interface Running {
  /** The output so far. */
  readonly output: string;
  readonly exit: number | string | undefined;
  /** Waits until the probe returns a value other than undefined, null or false, and returns it. */
  until<T>(probe: () => T | Promise<T>, milliseconds: number): Promise<NonNullable<T>>;
  ended(milliseconds: number): Promise<void>;
  /** Makes `until` throw an error with this message. */
  fail(problem: string): void;
  stop(): void;
  /** Kills the command and all processes that it started. */
  kill(): void;
}

function start(command: string, cwd: string, env: NodeJS.ProcessEnv): Running {
  const [program = '', ...args] = command.split(' ');
  const child: ChildProcess = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => {
    process.off('exit', kill);
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The process group has exited.
    }
  };
  process.once('exit', kill);
  let output = '';
  let exit: number | string | undefined;
  let failure: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  child.once('error', (error) => {
    exit = error.message;
  });
  const closed = once(child, 'close').then(([code, signal]) => {
    exit = code ?? signal;
  });
  return {
    get output() {
      return output;
    },
    get exit() {
      return exit;
    },
    async until(probe, milliseconds) {
      const deadline = Date.now() + milliseconds;
      for (;;) {
        const found = await probe();
        if (found !== undefined && found !== null && found !== false) return found;
        if (exit !== undefined) throw new Error(`${command} ended with ${exit} before the scrape:\n${output}`);
        if (failure !== undefined) throw new Error(`${failure}:\n${output}`);
        if (Date.now() > deadline) throw new Error(`${command} was not ready within ${milliseconds} ms:\n${output}`);
        await sleep(25);
      }
    },
    async ended(milliseconds) {
      const timeout = new AbortController();
      const late = sleep(milliseconds, 'late', { signal: timeout.signal }).catch(() => 'ended');
      const first = await Promise.race([closed.then(() => 'ended'), late]);
      timeout.abort();
      if (first === 'late') throw new Error(`${command} did not end within ${milliseconds} ms:\n${output}`);
    },
    fail: (problem) => {
      failure = problem;
    },
    stop: () => {
      child.kill('SIGTERM');
    },
    kill,
  };
}

import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { ask } from './ask.js';
import { eventually } from './eventually.js';

const execute = promisify(execFile);

/** The folder into which `.ci/fetch-dependents` installs the applications. */
const installedFolder = resolve('.cache/dependents');

/** The options with which an application in TypeScript is checked and compiled. */
const compilerOptions: ts.CompilerOptions = {
  ...{ module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, target: ts.ScriptTarget.ES2022 },
  ...{ experimentalDecorators: true, emitDecoratorMetadata: true, allowJs: true, noEmit: true },
  ...{ strict: true, skipLibCheck: true, types: ['node'], typeRoots: [resolve('node_modules/@types')] },
};

/** The time limit for the application's end after the scrape, in milliseconds. */
const endLimit = 20_000;

/** Checks whether `.ci/fetch-dependents` has installed all folders of `spec/dependents` in their locked versions. */
export async function hasDependents(): Promise<boolean> {
  const entries = await readdir('spec/dependents', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const current = await Promise.all(folders.map(isCurrent));
  return current.every(Boolean);
}

async function isCurrent(name: string): Promise<boolean> {
  const locks = [`spec/dependents/${name}/package-lock.json`, join(installedFolder, name, 'installed-lock.json')];
  const [wanted, installed] = await Promise.all(locks.map((file) => readFile(file).catch(() => undefined)));
  return wanted !== undefined && installed !== undefined && wanted.equals(installed);
}

/** A package in a `package-lock.json`: its path in the project, and its name and version. */
export interface InstalledPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** The parts of `package.json` that a migration changes. */
export interface ManifestChanges {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** The texts that the spec scraped. */
export interface Scrapes {
  /** From the `/metrics` route of the application. */
  readonly own: string;
  /** From the metrics server while the application's main thread was blocked. */
  readonly blocked: string;
}

/** A copy of an application of `spec/dependents`, with its dependencies installed. */
export class DependentApplication {
  private constructor(
    /** The application's folder. */
    readonly folder: string,
    private readonly file: string,
  ) {}

  static async copy(name: string): Promise<DependentApplication> {
    const runs = join(installedFolder, 'runs');
    await mkdir(runs, { recursive: true });
    const folder = await mkdtemp(join(runs, `${name}-`));
    const source = join('spec/dependents', name);
    await cp(join(installedFolder, name), folder, { recursive: true });
    for (const from of [source, 'spec/dependents/support.cjs']) {
      await cp(from, from === source ? folder : join(folder, 'support.cjs'), { recursive: true });
    }
    const file = (await readdir(source)).find((one) => one.startsWith('application.')) ?? '';
    return new DependentApplication(folder, file);
  }

  /** Changes `package.json` and runs `npm install`. */
  async migrate({ dependencies = {}, overrides = {} }: ManifestChanges): Promise<void> {
    const file = join(this.folder, 'package.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...dependencies }, overrides }),
    );
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await execute('npm', args, { cwd: this.folder });
  }

  /** The installed packages whose folder has this name, at any depth. */
  async installed(name: string): Promise<readonly InstalledPackage[]> {
    const { packages }: { packages: Readonly<Record<string, { readonly name?: string; readonly version: string }>> } =
      JSON.parse(await readFile(join(this.folder, 'node_modules/.package-lock.json'), 'utf8'));
    return Object.entries(packages)
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([path, one]) => ({ path, name: one.name ?? name, version: one.version }));
  }

  /**
   * Runs the application, sends the requests, and scrapes it before and while its main thread is blocked.
   *
   * @throws {Error} if the application doesn't start, isn't blocked during the scrape, or doesn't end with code 0.
   */
  async run(requests: readonly string[], isComplete: (own: string) => boolean): Promise<Scrapes> {
    const child = fork(await this.#compiled(), [], {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', TINYLLM_HUB: '' },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    try {
      const scrapes = await this.#scrape(child, ended, requests, isComplete);
      const exit = await ended;
      if (exit !== 0) throw new Error(`it ended with ${exit}`);
      return scrapes;
    } catch (cause) {
      throw new Error(`${this.file}: ${cause instanceof Error ? cause.message : cause}\n${output}`, { cause });
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #scrape(
    child: ChildProcess,
    ended: Promise<unknown>,
    requests: readonly string[],
    isComplete: (own: string) => boolean,
  ): Promise<Scrapes> {
    const early = ended.then((exit) => {
      throw new Error(`it ended with ${exit} before the scrapes`);
    });
    early.catch(() => undefined);
    const [{ application, metrics }] = await Promise.race([once(child, 'message'), early]);
    for (const request of requests) {
      const [method = '', path = ''] = request.split(' ');
      await ask(`${application}${path}`, { method });
    }
    // Some dependents count a request after its response.
    let own = '';
    await eventually(async () => {
      own = (await ask(`${application}/metrics`)).body;
      return isComplete(own);
    });
    child.send('block');
    await eventually(async () => existsSync(join(this.folder, 'blocked')));
    let isResponding = false;
    ask(`${application}/metrics`).then(
      () => {
        isResponding = true;
      },
      // The application closes its server without a response.
      () => undefined,
    );
    const signal = AbortSignal.timeout(endLimit);
    const blocked = (await ask(`${metrics}/metrics`, { signal })).body;
    if (isResponding) throw new Error('its main thread was not blocked');
    await writeFile(join(this.folder, 'scraped'), '');
    return { own, blocked };
  }

  async #compiled(): Promise<string> {
    const file = join(this.folder, this.file);
    if (!file.endsWith('.ts')) return file;
    const program = ts.createProgram([file], compilerOptions);
    const problems = [...program.getOptionsDiagnostics(), ...ts.getPreEmitDiagnostics(program)];
    const messages = problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    if (messages.length > 0) throw new Error(`The types don't match:\n${messages.join('\n')}`);
    const { outputText } = ts.transpileModule(await readFile(file, 'utf8'), { compilerOptions });
    const compiled = file.replace(/\.ts$/, '.cjs');
    await writeFile(compiled, outputText);
    return compiled;
  }
}

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { packages } from './architecture.js';

const execute = promisify(execFile);

/** The tarball of one package. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  /** The size of the unpacked files, in bytes. */
  readonly unpackedSize: number;
}

/** A project in which all packages are installed from their tarballs. It has no other files of the workspace. */
export class PackedPackages {
  /** The project's folder. */
  readonly folder: string;
  readonly tarballs: readonly Tarball[];

  private constructor(folder: string, tarballs: readonly Tarball[]) {
    this.folder = folder;
    this.tarballs = tarballs;
  }

  /** Packs the built packages. Their declared dependencies are links to the workspace's installed ones. */
  static async make(): Promise<PackedPackages> {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-packed-'));
    const args = ['pack', '--workspaces', '--ignore-scripts', '--json', '--pack-destination', folder];
    const { stdout } = await execute('npm', args, { maxBuffer: 64 * 1024 * 1024 });
    const packs: { name: string; filename: string; unpackedSize: number }[] = JSON.parse(stdout);
    const tarballs = packs.map(({ name, filename, unpackedSize }) => ({
      name,
      file: join(folder, filename),
      unpackedSize,
    }));
    const packed = new PackedPackages(folder, tarballs);
    const linked = new Set(['@types/node', 'prom-client']);
    for (const { name, file } of tarballs) {
      const installed = packed.#installed(name);
      await mkdir(installed, { recursive: true });
      await execute('tar', ['-xzf', file, '--strip-components=1', '-C', installed]);
      const { dependencies = {} } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
      for (const dependency of Object.keys(dependencies)) linked.add(dependency);
    }
    const own = new Set(packages.map(({ name }) => name));
    for (const name of linked) if (!own.has(name)) await packed.#link(name);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    return packed;
  }

  /** Copies a sample into the project and compiles it. Returns the path of the JavaScript file. */
  async addSample(name: string, options: ts.CompilerOptions): Promise<string> {
    const source = await readFile(join('samples', name), 'utf8');
    const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const file = join(this.folder, name.replace('.ts', '.js'));
    await mkdir(dirname(file), { recursive: true });
    await cp(join('samples', name), file.replace('.js', '.ts'));
    await writeFile(file, ts.transpileModule(source, { compilerOptions }).outputText);
    return file;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #link(name: string): Promise<void> {
    await mkdir(dirname(this.#installed(name)), { recursive: true });
    await symlink(resolve('node_modules', name), this.#installed(name), 'dir');
  }

  #installed(name: string): string {
    return join(this.folder, 'node_modules', name);
  }
}

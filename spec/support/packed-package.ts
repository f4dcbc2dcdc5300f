import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const execute = promisify(execFile);

/** A project that has the packed package, and nothing else of this one. */
export class PackedPackage {
  /** The project's folder. */
  readonly folder: string;
  readonly tarball: string;
  /** What it takes unpacked, in bytes. */
  readonly unpackedSize: number;

  private constructor(folder: string, { filename, unpackedSize }: { filename: string; unpackedSize: number }) {
    this.folder = folder;
    this.tarball = join(folder, filename);
    this.unpackedSize = unpackedSize;
  }

  /** Packs what is built. Of its dependencies, those that it declares are linked to the ones that are installed here. */
  static async make(): Promise<PackedPackage> {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-packed-'));
    const { stdout } = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
    const packed = new PackedPackage(folder, JSON.parse(stdout)[0]);
    const installed = packed.#installed('tinyllm');
    await mkdir(installed, { recursive: true });
    await execute('tar', ['-xzf', packed.tarball, '--strip-components=1', '-C', installed]);
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    for (const name of [...Object.keys(manifest.dependencies), '@types/node']) await packed.#link(name);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    return packed;
  }

  /** Copies a sample into the project, as a compiler makes it run. */
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

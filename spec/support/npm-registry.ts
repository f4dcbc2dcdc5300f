import { readdir, readFile } from 'node:fs/promises';
import { type FakeServer, json, startFakeServer } from './fake-server.js';

/** The fields of a package that npm needs to build a dependency tree. */
export interface RegistryPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Starts a registry on the loopback with the packages of this repository, those of its lock files, and additional ones.
 *
 * It replaces the npm registry, in which this repository's packages are not published. It has no tarballs, so run npm with
 * `--package-lock-only`.
 */
export async function startNpmRegistry(additional: readonly RegistryPackage[]): Promise<FakeServer> {
  const packages = [...(await ownPackages()), ...additional];
  for (const lock of await lockFiles()) packages.push(...(await lockedPackages(lock)));
  const documents = new Map<string, Record<string, unknown>>();
  for (const { name, version, ...rest } of packages) {
    const versions = documents.get(name) ?? {};
    const dist = { tarball: `https://registry.invalid/${name}-${version}.tgz`, integrity: 'sha512-AAAA' };
    versions[version] ??= { name, version, ...rest, dist };
    documents.set(name, versions);
  }
  return startFakeServer(({ url = '' }) => {
    const name = decodeURIComponent(url.slice(1));
    const versions = documents.get(name);
    if (versions === undefined) return undefined;
    return json({ name, 'dist-tags': { latest: Object.keys(versions).at(-1) }, versions });
  });
}

async function ownPackages(): Promise<readonly RegistryPackage[]> {
  const folders = ['lib/core', 'lib/prom-client'];
  const texts = await Promise.all(folders.map((folder) => readFile(`${folder}/package.json`, 'utf8')));
  return texts.map((text) => {
    const { name, version, dependencies = {} }: RegistryPackage = JSON.parse(text);
    return { name, version, dependencies };
  });
}

async function lockFiles(): Promise<readonly string[]> {
  const entries = await readdir('spec/dependents', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'npm-versions');
  return ['package-lock.json', ...folders.map(({ name }) => `spec/dependents/${name}/package-lock.json`)];
}

async function lockedPackages(file: string): Promise<readonly RegistryPackage[]> {
  const { packages }: { packages: Readonly<Record<string, Partial<RegistryPackage>>> } = JSON.parse(
    await readFile(file, 'utf8'),
  );
  return Object.entries(packages).flatMap(([path, { name, version, dependencies = {}, peerDependencies = {} }]) => {
    const folder = /^(?:.*\/)?node_modules\/(.+)$/.exec(path)?.[1];
    if (folder === undefined || version === undefined) return [];
    return [{ name: name ?? folder, version, dependencies, peerDependencies }];
  });
}

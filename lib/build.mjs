// `npm run build`: compiles all packages, bundles each into few files, and swaps the results into `dist`.
// `-- --noCheck` skips the type check, which `npm run lint` and CI do.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const started = performance.now();
/** On the same file system as the packages, so that a rename suffices to swap. */
const temporary = `.cache/build-${process.pid}`;
const bundled = (folder) => join(temporary, folder.replaceAll('/', '-'));
// Also after a failure, which leaves every `dist` as it was.
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
const step = (text) => {
  process.stderr.write(`build: ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}\n`);
};
const run = (args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

/** In dependency order, as `tsc -b` compiles them. */
const packages = [
  { name: 'core', folder: 'lib/core', workers: ['server/scrape-worker'], data: [['server/page/landing-page.json']] },
  { name: 'prom-client', folder: 'lib/prom-client' },
  { name: 'resilience', folder: 'lib/resilience' },
  {
    name: 'executor',
    folder: 'lib/executor',
    data: [['graphs/multi_domain.yaml', 'samples/graphs/multi_domain.yaml']],
  },
  { name: 'proxy', folder: 'lib/proxy' },
  { name: 'hub', folder: 'lib/hub' },
  { name: 'monitoring', folder: 'lib/monitoring' },
  { name: 'cli', folder: 'cli', entries: ['main'] },
].map((one) => ({ ...one, compiled: `.cache/compiled/${one.name}`, manifest: manifestOf(one.folder) }));

/** Entries whose few used parts are copied into the command line, so that `tinyllm --help` loads no package as a whole. */
const lightEntry = /^tinyllm\/(?:configuration|catalog)$|^@tinyllm\/[a-z-]+\/settings$/;

const lightEntries = {
  name: 'light-entries',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined;
      if (path.startsWith('.')) return { path: join(dirname(importer), path), sideEffects: importer.includes('/cli/') };
      const entry = lightEntry.exec(path) && packages.find(({ manifest }) => path.startsWith(`${manifest.name}/`));
      if (!entry) return { path, external: true, sideEffects: importer.includes('/cli/') };
      return { path: resolve(entry.compiled, `${path.slice(entry.manifest.name.length + 1)}.js`), sideEffects: false };
    }),
};

step('building the landing page');
run(['lib/core/server/page/build.mjs', '.cache/compiled/core/server/page']);
step(`compiling ${packages.length} packages`);
run(['node_modules/typescript/bin/tsc', '-b', ...packages.map(({ folder }) => folder), ...process.argv.slice(2)]);
for (const one of packages) {
  step(`bundling ${one.manifest.name}`);
  await bundle(one);
}
step('swapping the results in');
for (const { folder } of packages) swap(folder);
step('done');

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Bundles a package into the temporary folder: loading hundreds of modules takes longer than running them. */
async function bundle({ folder, compiled, manifest, entries, workers = [], data = [] }) {
  const target = bundled(folder);
  const exported = Object.values(manifest.exports ?? {}).flatMap(({ default: file }) => file ?? []);
  const modules = [...(entries ?? exported.map((file) => file.slice('./dist/'.length, -'.js'.length))), ...workers];
  const { metafile } = await build({
    entryPoints: modules.map((entry) => ({ in: join(compiled, `${entry}.js`), out: entry })),
    outdir: target,
    // Modules that find files by their own place, such as the scrape worker, are in `server` in the sources as well.
    chunkNames: workers.length > 0 ? 'server/[name]-[hash]' : '[name]-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    plugins: entries === undefined ? [] : [lightEntries],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: entries === undefined ? 'external' : undefined,
    // A package's sideEffects describe its built files.
    ignoreAnnotations: entries === undefined,
    logLevel: 'warning',
  });
  requireUniqueClassNames(compiled, Object.keys(metafile.outputs));
  for (const file of readdirSync(compiled, { recursive: true })) {
    const isCurrent = file.endsWith('.d.ts') && existsSync(join(folder, file.replace(/\.d\.ts$/, '.ts')));
    if (isCurrent && entries === undefined) copy(join(compiled, file), join(target, file));
  }
  for (const [file, source = join(compiled, file)] of data) copy(source, join(target, file));
}

/** Puts the bundle in place of `dist`, unless both are the same; an import fails only in the microseconds between the two renames. */
function swap(folder) {
  const current = join(folder, 'dist');
  if (existsSync(current)) {
    if (isSame(current, bundled(folder))) return;
    renameSync(current, `${bundled(folder)}.old`);
  }
  renameSync(bundled(folder), current);
}

function isSame(one, other) {
  const filesIn = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  const files = filesIn(one);
  return (
    JSON.stringify(files) === JSON.stringify(filesIn(other)) &&
    files.every((file) => readFileSync(join(one, file)).equals(readFileSync(join(other, file))))
  );
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** Class names are label values, such as error types, so the build fails if the bundler had to rename a class. */
function requireUniqueClassNames(compiled, outputs) {
  const classNames = (text) => [...text.matchAll(/\bclass ([A-Z]\w*)/g)].map(([, name]) => name);
  const sources = readdirSync(compiled, { recursive: true }).filter((name) => name.endsWith('.js'));
  const known = new Set(sources.flatMap((name) => classNames(readFileSync(join(compiled, name), 'utf8'))));
  for (const file of outputs) {
    for (const name of classNames(readFileSync(file, 'utf8'))) {
      if (!known.has(name))
        throw new Error(`${file} has a class ${name}, which no source has: two classes share a name.`);
    }
  }
}

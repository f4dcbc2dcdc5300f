// `npm run build`: compiles all packages, bundles each into few files, and swaps the results into `dist`.
// `-- --noCheck` skips the type check, which `npm run lint` and CI do.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { addCommonJs, wrapCommonJs } from './build-commonjs.mjs';
import { dashboardsAsData } from './build-dashboards.mjs';
import { addLicenses, embeddedModules } from './build-embedded.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const started = performance.now();
mkdirSync('.cache', { recursive: true });
/** On the same file system as the packages, so that a rename suffices to swap. */
const temporary = mkdtempSync('.cache/build-');
const bundled = (folder) => join(temporary, folder.replaceAll('/', '-'));
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => process.exit(code));
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
  {
    name: 'core',
    folder: 'lib/core',
    plugins: () => [embeddedModules('.cache/compiled/core')],
    finish: (target) => {
      addLicenses(target);
      addCommonJs(target);
    },
  },
  { name: 'prom-client', folder: 'lib/prom-client', finish: wrapCommonJs },
  { name: 'resilience', folder: 'lib/resilience' },
  {
    name: 'executor',
    folder: 'lib/executor',
    data: [['graphs/multi_domain.yaml', 'samples/graphs/multi_domain.yaml']],
  },
  { name: 'proxy', folder: 'lib/proxy' },
  { name: 'hub', folder: 'lib/hub' },
  {
    name: 'monitoring',
    folder: 'lib/monitoring',
    plugins: () => [dashboardsAsData()],
    // These declarations describe code that is not in the package.
    finish: (target) => rmSync(join(target, 'grafana'), { recursive: true }),
  },
  { name: 'cli', folder: 'cli', entries: ['main'] },
].map((one) => ({ ...one, compiled: `.cache/compiled/${one.name}`, manifest: manifestOf(one.folder) }));

/** Entries whose few used parts are copied into the command line, so that `tinyllm --help` loads no package as a whole. */
const lightEntry = /^tinyllm\/(?:configuration|catalog)$|^@tinyllm\/[a-z-]+\/settings$/;

const commandLine = `${resolve('.cache/compiled/cli')}${sep}`;

const lightEntries = {
  name: 'light-entries',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined;
      const isOwn = importer.startsWith(commandLine);
      if (path.startsWith('.')) return { path: join(dirname(importer), path), sideEffects: isOwn };
      const entry = lightEntry.exec(path) && packages.find(({ manifest }) => path.startsWith(`${manifest.name}/`));
      if (!entry) return { path, external: true, sideEffects: isOwn };
      return { path: resolve(entry.compiled, `${path.slice(entry.manifest.name.length + 1)}.js`), sideEffects: false };
    }),
};

step('building the landing page');
run(['lib/core/server/page/build.mjs', '.cache/compiled/core/server/page']);
step(`compiling ${packages.length} packages`);
for (const one of packages) removeStale(one);
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

/** Removes what was compiled from sources that no longer exist, which an import would still find. */
function removeStale({ folder, compiled }) {
  if (!existsSync(compiled)) return;
  for (const file of readdirSync(compiled, { recursive: true })) {
    const [source, isCode] = [file.replace(/(?:\.d\.ts|\.js)$/, '.ts'), /\.(?:d\.ts|js)$/.test(file)];
    if (isCode && !existsSync(join(folder, source))) rmSync(join(compiled, file));
  }
}

/** Bundles a package into the temporary folder: loading hundreds of modules takes longer than running them. */
async function bundle({ folder, compiled, manifest, entries, plugins = () => [], data = [], finish = () => {} }) {
  const target = bundled(folder);
  const exported = Object.values(manifest.exports ?? {}).flatMap(({ default: file }) => file ?? []);
  const modules = entries ?? exported.map((file) => file.slice('./dist/'.length, -'.js'.length));
  const { metafile } = await build({
    entryPoints: modules.map((entry) => ({ in: join(compiled, `${entry}.js`), out: entry })),
    outdir: target,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    plugins: entries === undefined ? plugins() : [lightEntries],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: entries === undefined ? 'external' : undefined,
    // A package's sideEffects describe its built files.
    ignoreAnnotations: entries === undefined,
    logLevel: 'warning',
  });
  requireLabelNames(Object.keys(metafile.outputs));
  for (const file of readdirSync(compiled, { recursive: true })) {
    if (file.endsWith('.d.ts') && entries === undefined) copyDeclarations(join(compiled, file), join(target, file));
  }
  for (const [file, source = join(compiled, file)] of data) copy(source, join(target, file));
  finish(target);
}

/** Puts the bundle in place of `dist`, unless both are the same; an import fails only in the microseconds between the two renames. */
function swap(folder) {
  const [current, next, old] = [join(folder, 'dist'), bundled(folder), `${bundled(folder)}.old`];
  if (existsSync(current)) {
    if (isSame(current, next)) return;
    renameSync(current, old);
  }
  try {
    renameSync(next, current);
  } catch (error) {
    if (existsSync(old)) renameSync(old, current);
    throw error;
  }
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

/**
 * Copies a declaration file, without imports that only load code, and without private members: with them, the types of
 * the ES modules and those of the CommonJS build would not fit each other.
 */
function copyDeclarations(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(
    to,
    readFileSync(from, 'utf8').replaceAll(/^import '[^']+';\n|^ +(?:#private|private [^\n]*);\n/gm, ''),
  );
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/**
 * The names of errors and of decorated classes are label values, so the build fails if the bundler changes one.
 *
 * `var A = class {` has the name A, `var A = class _A {` has the name _A.
 */
function requireLabelNames(outputs) {
  const classesIn = (text) =>
    [...text.matchAll(/^\s*(?:var|let|const) (\w+) = class\b(?: (?!extends\b)(\w+))?|\bclass ([A-Z]\w*)/gm)].map(
      ([, variable, inner, declared]) => ({ variable: variable ?? declared, name: declared ?? inner ?? variable }),
    );
  const sources = readdirSync('.cache/compiled', { recursive: true }).filter((name) => name.endsWith('.js'));
  const known = new Set(
    sources.flatMap((file) => classesIn(readFileSync(join('.cache/compiled', file), 'utf8')).map(({ name }) => name)),
  );
  for (const file of outputs) {
    const text = readFileSync(file, 'utf8');
    for (const { variable, name } of classesIn(text)) {
      const isLabel = /Error\d*$/.test(name) || text.includes(`\n], ${variable}.prototype, `);
      if (isLabel && !known.has(name)) throw new Error(`${file} has a class ${name}, which no source has.`);
    }
  }
}

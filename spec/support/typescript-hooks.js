// Node's module hooks for TypeScript sources. ts-node compiles what is new; what it made of a source is kept in `.cache`
// for the threads and processes to come, which then load neither ts-node nor the compiler.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const root = fileURLToPath(new URL('../../', import.meta.url));
const project = resolvePath(root, process.env.TS_NODE_PROJECT ?? 'spec/tsconfig.json');
const cache = join(root, '.cache/typescript', encodeURIComponent(relative(root, project)));

/** What the compiled text depends on beside its source: the options, and the compilers' versions. */
const surroundings = Promise.all(
  [join(root, 'tsconfig.json'), project, join(root, 'package-lock.json')].map((file) => readFile(file, 'utf8')),
);
let service;

/** An import that names a `.js` file to come is of the `.ts` file there is. */
export async function resolve(specifier, context, next) {
  const { parentURL = '' } = context;
  if (/^(?:\.\.?\/|file:)[^?#]*\.js(?:[?#]|$)/.test(specifier) && /^(?:file:|$)/.test(parentURL)) {
    const made = new URL(specifier, parentURL || undefined);
    const source = new URL(made);
    source.pathname = made.pathname.replace(/\.js$/, '.ts');
    if (!made.pathname.includes('/node_modules/') && existsSync(source) && !existsSync(made)) {
      return { url: source.href, format: 'module', shortCircuit: true };
    }
  }
  return next(specifier, context);
}

/** Gives a TypeScript source compiled. */
export async function load(url, context, next) {
  if (!/^file:(?!.*\/node_modules\/)[^?#]*\.ts(?:[?#]|$)/.test(url)) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

async function compiled(file) {
  const source = await readFile(file, 'utf8');
  const digest = createHash('sha256');
  for (const text of [...(await surroundings), file, source]) digest.update(`${text.length}:${text}`);
  const seal = `\n// ${digest.digest('hex')}\n`;
  const kept = join(cache, encodeURIComponent(relative(root, file)));
  const known = await readFile(kept, 'utf8').catch(() => '');
  if (known.endsWith(seal)) return known;
  const { default: tsNode } = await import('ts-node');
  service ??= tsNode.create({ project, transpileOnly: true });
  const output = service.compile(source, file) + seal;
  // Others may be reading it, so it is renamed into place; that it cannot be kept is no reason not to run it.
  const written = `${kept}.${process.pid}-${threadId}`;
  await mkdir(cache, { recursive: true })
    .then(() => writeFile(written, output))
    .then(() => rename(written, kept))
    .catch(() => {});
  return output;
}

// Module hooks of Node for TypeScript sources. ts-node compiles new and changed sources. The output is cached in
// `.cache`, so that later threads and processes load neither ts-node nor the compiler.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const root = fileURLToPath(new URL('../../', import.meta.url));
const project = resolvePath(root, process.env.TS_NODE_PROJECT ?? 'spec/tsconfig.json');
const cache = join(root, '.cache/typescript', encodeURIComponent(relative(root, project)));

/** The other inputs of the compiled text: the compiler options and the versions of the compilers. */
const otherInputs = Promise.all(
  [join(root, 'tsconfig.json'), project, join(root, 'package-lock.json')].map((file) => readFile(file, 'utf8')),
);
let service;

/** Resolves an import of a `.js` file that does not exist to the `.ts` file with the same name. */
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

/** Loads TypeScript sources as compiled ES modules. */
export async function load(url, context, next) {
  if (!/^file:(?!.*\/node_modules\/)[^?#]*\.ts(?:[?#]|$)/.test(url)) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

async function compiled(file) {
  const source = await readFile(file, 'utf8');
  const digest = createHash('sha256');
  for (const text of [...(await otherInputs), file, source]) digest.update(`${text.length}:${text}`);
  const seal = `\n// ${digest.digest('hex')}\n`;
  const cached = join(cache, encodeURIComponent(relative(root, file)));
  const known = await readFile(cached, 'utf8').catch(() => '');
  if (known.endsWith(seal)) return known;
  const { default: tsNode } = await import('ts-node');
  service ??= tsNode.create({ project, transpileOnly: true });
  const output = service.compile(source, file) + seal;
  // Renaming is atomic, so other processes never read a partial file. If caching fails, the module still runs.
  const written = `${cached}.${process.pid}-${threadId}`;
  await mkdir(cache, { recursive: true })
    .then(() => writeFile(written, output))
    .then(() => rename(written, cached))
    .catch(() => {});
  return output;
}

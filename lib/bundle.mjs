// Puts the compiled modules into few files, since loading hundreds takes longer than running them: `npm run build` ends
// with this. Modules that find others by their own place lie in `lib/core/server`, as in the sources.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const compiled = '.cache/compiled';
const entries = ['lib/core/index', 'cli/main', 'lib/core/server/scrape-worker'];

// What the library loads at its import stays together: a command that needs a part of it loads all of it, in few files.
const wholeLibrary = {
  name: 'whole-library',
  setup: ({ onLoad }) =>
    onLoad(
      {
        filter:
          /[/\\]cli[/\\]commands[/\\](run|worker|proxy|serve|metrics|top|demo|doctor)[/\\](run|batch|worker|proxy|serve|metrics|top|demo|doctor)\.js$/,
      },
      ({ path }) => ({
        contents: `${readFileSync(path, 'utf8')}\nimport '../../../lib/core/index.js';`,
      }),
    ),
};

const { metafile } = await build({
  entryPoints: entries.map((entry) => ({ in: join(compiled, `${entry}.js`), out: entry })),
  outdir: 'dist',
  chunkNames: 'lib/core/server/[name]-[hash]',
  bundle: true,
  splitting: true,
  metafile: true,
  plugins: [wholeLibrary],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // What the package says of side effects is of its built files.
  ignoreAnnotations: true,
  logLevel: 'warning',
});

// Error types, nodes and graphs are told by the names of classes: a bundler that renames one must not go unseen.
const classNames = (text) => [...text.matchAll(/\bclass ([A-Z]\w*)/g)].map(([, name]) => name);
const sources = readdirSync(compiled, { recursive: true }).filter((name) => name.endsWith('.js'));
const known = new Set(sources.flatMap((name) => classNames(readFileSync(join(compiled, name), 'utf8'))));
for (const file of Object.keys(metafile.outputs)) {
  for (const name of classNames(readFileSync(file, 'utf8'))) {
    if (!known.has(name))
      throw new Error(`${file} has a class ${name}; two classes have one name, which is not told apart.`);
  }
}

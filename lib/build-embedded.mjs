// Replaces modules of the core by data that the build produces, so that the core finds nothing by a file's location and
// runs in an application that a bundler has put into one file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The packages that are copied into the scrape worker; their licenses must accompany it. */
const copiedPackages = ['bcryptjs', 'yaml'];

/** An esbuild plugin for the core, whose compiled modules are in the given folder. */
export function embeddedModules(compiled) {
  const modules = {
    'built-page.js': async () => `export const builtPage = ${readFileSync(join(compiled, 'page/landing-page.json'))};`,
    'scrape-worker-code.js': async () =>
      `export const scrapeWorkerCode = ${JSON.stringify(await scrapeWorker(compiled))};`,
  };
  return {
    name: 'embedded-modules',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/server\/(?:built-page|scrape-worker-code)\.js$/ }, async ({ path }) => ({
        contents: await modules[path.slice(path.lastIndexOf('/') + 1)](),
      })),
  };
}

/** The code of the scrape worker, which loads only modules of Node. */
async function scrapeWorker(compiled) {
  const { outputFiles } = await build({
    entryPoints: [join(compiled, 'scrape-worker.js')],
    bundle: true,
    write: false,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const licenses = copiedPackages.map(
    (name) => `${name}:\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`,
  );
  // Neither `require` nor `import` exists in every runtime for both code that is a script and code that is a module.
  return {
    code: `/*\n${licenses.join('\n')}*/\n(function(require){${outputFiles[0].text.trim()}\n})((name)=>process.getBuiltinModule(name));\n`,
    // Options of the process are left out: with --input-type, for example, the code would be a module.
    options: { eval: true, execArgv: [] },
  };
}

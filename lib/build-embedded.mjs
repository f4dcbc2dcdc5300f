// Copies data and small packages into the core's code. The core then finds nothing by a file's location, so that it runs
// in an application that a bundler has put into one file, and its import loads fewer modules.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

/** The packages that are copied in part; their licenses must accompany the copies. */
const copiedPackages = ['bcryptjs', 'reflect-metadata', 'uplot', 'yaml'];

/** An esbuild plugin for the core, which is compiled in the given folder. */
export function embeddedModules(compiled) {
  const page = readJson(join(compiled, 'server/page/landing-page.json'));
  const passwords = passwordWorker(compiled);
  const modules = {
    'built-page.js': async () => `export const builtPage = ${JSON.stringify(page)};`,
    'scrape-worker-code.js': async () =>
      `export const scrapeWorkerCode = ${JSON.stringify(await scrapeWorker(compiled, passwords))};`,
    'password-worker-code.js': () => passwords,
  };
  return {
    name: 'embedded-modules',
    setup: ({ onLoad, onResolve }) => {
      onLoad(
        { filter: /[\\/]server[\\/](?:web-config[\\/])?(?:built-page|(?:scrape|password)-worker-code)\.js$/ },
        async ({ path }) => ({
          contents: await modules[basename(path)](),
        }),
      );
      // Importing this CommonJS file takes Node as long as importing the rest of the core.
      onResolve({ filter: /^reflect-metadata$/ }, () => ({
        path: resolve('node_modules/reflect-metadata/Reflect.js'),
      }));
    },
  };
}

/** Writes the licenses of the packages that the core contains into its folder. */
export function addLicenses(folder) {
  const texts = copiedPackages.map((name) => {
    const { version } = readJson(`node_modules/${name}/package.json`);
    return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`;
  });
  writeFileSync(join(folder, 'third-party-licenses.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The code of the scrape worker, which loads only modules of Node and starts the password worker. */
function scrapeWorker(compiled, passwords) {
  const plugin = {
    name: 'embedded-password-worker',
    setup: ({ onLoad }) =>
      onLoad({ filter: /[\\/]password-worker-code\.js$/ }, async () => ({ contents: await passwords })),
  };
  return workerCode(join(compiled, 'server/scrape-worker.js'), [plugin]);
}

/** A module with the code of the thread that compares passwords. */
async function passwordWorker(compiled) {
  const code = await workerCode(join(compiled, 'server/web-config/password-worker.js'));
  return `export const passwordWorkerCode = ${JSON.stringify(code)};`;
}

async function workerCode(entry, plugins = []) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins,
  });
  return {
    // Not every runtime has `require` in such code.
    code: `(function(require){${outputFiles[0].text.trim()}\n})((name)=>process.getBuiltinModule(name));\n`,
    // Without the options of the process: with --input-type, the code would be a module. Without its environment: Node would
    // run the modules of `--require` in NODE_OPTIONS, which can start metrics servers and so further workers.
    options: { eval: true, execArgv: [], env: {} },
  };
}

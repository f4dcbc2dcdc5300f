// Translates a built package from ES modules to CommonJS, file by file, for tools that cannot require an ES module.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';

/**
 * Writes `commonjs/` into a folder with built code and declarations.
 *
 * The files keep their names, so that both versions share the structure that the bundler found.
 */
export function addCommonJs(folder) {
  const target = join(folder, 'commonjs');
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(?:js|d\.ts)$/.test(file));
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const options = { format: 'cjs', platform: 'node', target: 'node20', supported: { 'dynamic-import': false } };
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), file.endsWith('.js') ? transformSync(text, options).code : text);
  }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
}

/**
 * Replaces a package with a single ES module by its CommonJS version and an ES module that imports it, so that `import`
 * and `require` share one copy in Node. `require` returns the default export.
 *
 * Bundlers use the original ES module, in the folder `module`: a bundle in the format of ES modules can't contain
 * CommonJS code that requires modules of Node.
 */
export function wrapCommonJs(folder) {
  const entry = join(folder, 'index.js');
  const names = [...readFileSync(entry, 'utf8').matchAll(/^export \{([^}]*)\}/gm)]
    .flatMap(([, list]) => list.split(','))
    .map((one) => one.trim().split(' as ').at(-1))
    .filter((name) => name !== 'default');
  const declarations = entry.replace(/\.js$/, '.d.ts');
  // The default export also contains the types, as in `client.Counter<'label'>`.
  const [text, self] = [readFileSync(declarations, 'utf8'), "export * as default from './index.js';\n"];
  writeFileSync(declarations, `${text.replace('client as default, ', '')}${self}`);
  addCommonJs(folder);
  mkdirSync(join(folder, 'module'));
  copyFileSync(entry, join(folder, 'module/index.js'));
  const sameTypes = "export * from '../index.js';\nexport { default } from '../index.js';\n";
  writeFileSync(join(folder, 'module/index.d.ts'), sameTypes);
  const required = join(folder, 'commonjs/index.js');
  // Without the prefix `node:`, the mocks of `http` and other modules in jest tests also apply to this package.
  const code = readFileSync(required, 'utf8').replaceAll('require("node:', 'require("');
  writeFileSync(required, `${code}module.exports = module.exports.default;\n`);
  const lines = [
    "import client from './commonjs/index.js';",
    'export default client;',
    `export const { ${names.join(', ')} } = client;`,
  ];
  writeFileSync(entry, `${lines.join('\n')}\n`);
}

// Translates a built package from ES modules to CommonJS, file by file, for tools that cannot require an ES module.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

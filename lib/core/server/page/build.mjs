// Builds the landing page into one file in the folder given as the argument. `npm run build` runs this script.

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const source = new URL('.', import.meta.url);
const target = pathToFileURL(`${process.argv[2]}/`);

const bundle = async (entry, options) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, source))],
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'inline',
    ...options,
  });
  return outputFiles[0].text.trim();
};

const script = await bundle('main.ts', { format: 'esm', target: 'es2022', tsconfigRaw: {} });
const ownStyle = await bundle('page.css', {});
const plotStyle = await readFile(new URL(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8');
const style = `${plotStyle.trim()}\n${ownStyle}`;
if (/<\/(script|style)/i.test(script + style))
  throw new Error('The inlined script or style contains a closing tag, which would end its element.');

// The licence of uPlot requires that copies include it.
const licence = await readFile(new URL('../LICENSE', import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8');
const template = await readFile(new URL('page.html', source), 'utf8');
const html = template
  .replace('<!doctype html>', (doctype) => `${doctype}\n<!-- Charts: uPlot\n${licence.trim()}\n-->`)
  .replace('/*style*/', () => style)
  .replace('/*script*/', () => script);
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

await mkdir(target, { recursive: true });
const zippedHtml = gzipSync(html, { level: 9 }).toString('base64');
await writeFile(new URL('landing-page.json', target), JSON.stringify({ zippedHtml, contentSecurityPolicy }));

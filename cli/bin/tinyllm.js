#!/usr/bin/env node
// The launcher is committed: npm links a package's bins before it runs the root's build, which makes ../dist.
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  process.stderr.write('tinyllm is not built; run `npm install` in the folder of the clone.\n');
  process.exitCode = 1;
}

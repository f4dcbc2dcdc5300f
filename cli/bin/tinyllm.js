#!/usr/bin/env node
// This file is in Git and not built, because npm needs it before the build: npm links the `bin` of a package first, and
// then runs the build that creates ../dist.
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  process.stderr.write('tinyllm is not built; run `npm install` in the folder of the clone.\n');
  process.exitCode = 1;
}

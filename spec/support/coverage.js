// `npm run coverage`: runs the specs that execute lib/ in mocha's own process, then reports their coverage.
//
// Specs that start threads or processes, such as spec/e2e and spec/cli, are excluded, because those run the built
// packages, which are not measured.
import { spawnSync } from 'node:child_process';

/** The files of `lib/core/formats` that write the exposition. */
const WRITERS = [
  'text',
  'openmetrics',
  'write-families',
  'escape',
  'formats',
  'label-text',
  'sample-names',
  'text-body',
];
/** The files that must reach the branch coverage below: instruments, decorators and exposition writers. */
const CHECKED_FILES = [
  'lib/core/metrics/**',
  'lib/core/decorators/**',
  ...WRITERS.map((file) => `lib/core/formats/${file}.ts`),
];
/** In percent. */
const MINIMUM_BRANCHES = 95;

const SPECS = ['spec/*.spec.ts', 'spec/!(e2e|cli|support)/**/*.spec.ts'];
/** Specs that mainly start processes. */
const EXCLUDED_SPECS = ['package', 'samples'].map((name) => `spec/${name}.spec.ts`);

const quoted = (option, values) => values.map((value) => `${option} '${value}'`).join(' ');
const c8 = 'c8 --temp-directory .cache/coverage --exclude-after-remap';
const lib = "--include 'lib/**' --exclude 'lib/core/server/page/**' --exclude 'lib/*/dist/**'";
const mocha = `mocha --no-config --timeout 30000 --reporter dot --node-option conditions=tinyllm-source,import=./spec/support/register.js`;

const commands = [
  `${c8} --clean --reporter text ${lib} ${mocha} ${quoted('--ignore', EXCLUDED_SPECS)} ${quoted('--spec', SPECS)}`,
  `${c8} check-coverage --branches ${MINIMUM_BRANCHES} --lines 0 ${quoted('--include', CHECKED_FILES)}`,
];

for (const command of commands) {
  if (spawnSync(command, { shell: true, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}

// What `npm run coverage` runs: the specs that run lib/ in mocha's own process, then what of it they reached. Threads and
// processes of their own run what is built, which is not counted: spec/e2e, spec/cli and the like are left out.
import { spawnSync } from 'node:child_process';

/** The rooms that must be reached all but whole: the instruments, the decorators and the exposition's writers. */
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
const HELD = ['lib/core/metrics/**', 'lib/core/decorators/**', ...WRITERS.map((file) => `lib/core/formats/${file}.ts`)];
const LEAST_BRANCHES = 95;

const SPECS = ['spec/*.spec.ts', 'spec/!(e2e|cli|support)/**/*.spec.ts'];
/** They start processes and little else. */
const LEFT_OUT = ['package', 'samples'].map((name) => `spec/${name}.spec.ts`);

const quoted = (option, values) => values.map((value) => `${option} '${value}'`).join(' ');
const c8 = 'c8 --temp-directory .cache/coverage --exclude-after-remap';
const lib = "--include 'lib/**' --exclude 'lib/core/server/page/**' --exclude 'lib/*/dist/**'";
const mocha = `mocha --no-config --timeout 30000 --reporter dot --node-option conditions=tinyllm-source,import=./spec/support/register.js`;

const commands = [
  `${c8} --clean --reporter text ${lib} ${mocha} ${quoted('--ignore', LEFT_OUT)} ${quoted('--spec', SPECS)}`,
  `${c8} check-coverage --branches ${LEAST_BRANCHES} --lines 0 ${quoted('--include', HELD)}`,
];

for (const command of commands) {
  if (spawnSync(command, { shell: true, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}

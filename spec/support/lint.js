// `npm run lint`: runs two lists of commands in parallel, because each compiler uses only one core.
import { spawn } from 'node:child_process';

// Incremental builds reuse the results of the last run.
const tsc = (project, name) =>
  `tsc -p ${project} --noEmit --incremental --tsBuildInfoFile .cache/lint/${name}.tsbuildinfo`;
const rows = [
  ['biome check .', tsc('spec', 'project')],
  [
    tsc('lib/core/server/page', 'page'),
    tsc('samples', 'samples'),
    tsc('spec/support/standard', 'standard'),
    'node spec/support/check-reference.js',
  ],
];

/** Runs a command with inherited output. Resolves to whether its exit code is 0. */
function passes(command) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: 'inherit' });
    child.on('error', reject).on('close', (code) => resolve(code === 0));
  });
}

async function runRow(commands) {
  let all = true;
  for (const command of commands) all = (await passes(command)) && all;
  return all;
}

const results = await Promise.all(rows.map(runRow));
if (results.includes(false)) process.exitCode = 1;

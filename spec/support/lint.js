// What `npm run lint` runs, in two rows beside each other: a compiler keeps one core busy and leaves the others idle.
import { spawn } from 'node:child_process';

// What a compiler found out is kept for the next time.
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

/** Whether a command passes; what it prints goes where this prints. */
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

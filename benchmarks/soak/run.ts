import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chart } from './chart.js';
import { soak } from './soak.js';
import { faultsOf, soakReport } from './soak-report.js';

// `npm run soak` writes SOAK.md and soak.svg. `--minutes` sets the duration; runs below 30 minutes write nothing.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes got ${values.minutes}; expected a number above 0, such as 30.`);

const result = await soak(minutes, ({ seconds, rssMiB, heapMiB, threads, pushes }) => {
  const memory = `${rssMiB.toFixed(0)} MiB, including a heap of ${heapMiB.toFixed(0)}`;
  process.stderr.write(`${(seconds / 60).toFixed(1)} min: ${memory}; ${threads} threads, ${pushes} pushes\n`);
});
const text = soakReport(result, minutes);
process.stdout.write(text);
if (minutes >= 30) {
  const target = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
  writeFileSync(target('SOAK.md'), text);
  execFileSync('npx', ['biome', 'format', '--write', target('SOAK.md')], { stdio: 'ignore' });
  const lines = [
    { name: 'process', colour: '#1f77b4', values: result.samples.map(({ rssMiB }) => rssMiB) },
    { name: 'heap', colour: '#d2691e', values: result.samples.map(({ heapMiB }) => heapMiB) },
  ];
  const at = result.samples.map(({ seconds }) => seconds / 60);
  writeFileSync(target('soak.svg'), chart('Memory, MiB', at, lines));
}
const faults = faultsOf(result);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

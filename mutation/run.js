// `npm run mutate`: makes mistakes, one at a time, and tells which of them no spec notices.
// `-- --mutate FILE` looks at one file alone, and leaves README.md as it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { LEAST_SCORE, options, rooms } from './options.js';
import { scoreOf, scoreTable } from './scores.js';

const { mutate: file } = parseArgs({ options: { mutate: { type: 'string' } } }).values;
const wanted = rooms.filter(({ room }) => file === undefined || dirname(file) === room);
if (wanted.length === 0) throw new Error(`No mistakes are made in ${file}; expected a file in lib/…, see options.js.`);

const results = [];
for (const { room, mutate, spec } of wanted) {
  const stryker = new Stryker({
    ...options,
    mutate: file === undefined ? mutate : [file],
    mochaOptions: { ...options.mochaOptions, spec },
    incrementalFile: `mutation/reports/${room.replaceAll('/', '-')}.json`,
  });
  // What is known of the room's other files comes along.
  const all = await stryker.runMutationTest();
  results.push(...all.filter(({ fileName }) => file === undefined || fileName.endsWith(file)));
}

if (file === undefined) {
  const readme = new URL('README.md', import.meta.url);
  const [before = ''] = readFileSync(readme, 'utf8').split(/^(?=## Scores$)/m);
  writeFileSync(readme, before + scoreTable(results));
}
const score = scoreOf(results);
process.stdout.write(`${score.toFixed(1)} % were noticed; of all together at least ${LEAST_SCORE} % have to be.\n`);
if (file === undefined && score < LEAST_SCORE) process.exitCode = 1;

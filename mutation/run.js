// `npm run mutate`: creates mutants one by one, and reports those that no spec detects.
//
// `-- --mutate PATH` runs one folder of options.js or one file in such a folder; repeat the option for several. Only
// runs of complete folders update the scores in README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { LEAST_SCORE, options, rooms } from './options.js';
import { scoreOf, scoreTable } from './scores.js';

const { mutate: paths } = parseArgs({ options: { mutate: { type: 'string', multiple: true } } }).values;
const unknown = paths?.find((path) => !rooms.some(({ room }) => room === path || room === dirname(path)));
if (unknown !== undefined)
  throw new Error(`No mutants are created in ${unknown}; expected a path in a folder of options.js.`);

const readme = new URL('README.md', import.meta.url);
for (const { room, mutate, spec, leastScore = LEAST_SCORE } of rooms) {
  const isWhole = paths === undefined || paths.includes(room);
  const files = isWhole ? mutate : paths.filter((path) => dirname(path) === room);
  if (files.length === 0) continue;
  const stryker = new Stryker({
    ...options,
    mutate: files,
    mochaOptions: { ...options.mochaOptions, spec },
    incrementalFile: `mutation/reports/${room.replaceAll('/', '-')}.json`,
  });
  // The incremental report adds the results of the folder's other files.
  const all = await stryker.runMutationTest();
  const results = isWhole ? all : all.filter(({ fileName }) => files.some((file) => fileName.endsWith(file)));
  const score = scoreOf(results);
  process.stdout.write(`${room}: ${score.toFixed(1)} % detected; at least ${leastScore} % of the folder must be.\n`);
  if (!isWhole) continue;
  if (score < leastScore) process.exitCode = 1;
  const [text = '', table = ''] = readFileSync(readme, 'utf8').split(/^(?=## Scores$)/m);
  writeFileSync(readme, text + scoreTable(results, table));
}

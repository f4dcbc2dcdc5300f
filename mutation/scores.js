import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('@stryker-mutator/api/core').MutantResult} MutantResult */

const root = fileURLToPath(new URL('..', import.meta.url));
const NOTICED = ['Killed', 'Timeout'];
const COUNTED = [...NOTICED, 'Survived', 'NoCoverage'];

/**
 * How many mistakes of a hundred were noticed.
 *
 * @param {readonly MutantResult[]} results
 */
export function scoreOf(results) {
  const { made, noticed } = countsOf(results);
  return (100 * noticed) / made;
}

/**
 * Writes what came of the mistakes as Markdown, room by room and file by file.
 *
 * @param {readonly MutantResult[]} results
 */
export function scoreTable(results) {
  const fileOf = ({ fileName }) => relative(root, fileName);
  const rooms = [...new Set(results.map((one) => dirname(fileOf(one))))].sort();
  const rows = rooms.flatMap((room) => {
    const inRoom = results.filter((one) => dirname(fileOf(one)) === room);
    const files = [...new Set(inRoom.map(fileOf))].sort();
    return [
      row(`**${room}**`, inRoom),
      ...files.map((file) =>
        row(
          basename(file),
          inRoom.filter((one) => fileOf(one) === file),
        ),
      ),
    ];
  });
  return [
    '## Scores',
    '',
    'Written by `npm run mutate`. Noticed is what made a spec fail, or what never came to an end.',
    '',
    '|  | mistakes | not noticed | noticed |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    row('**together**', results),
    '',
  ].join('\n');
}

function row(title, results) {
  const { made, noticed } = countsOf(results);
  return `| ${[title, made, made - noticed, `${scoreOf(results).toFixed(1)} %`].join(' | ')} |`;
}

function countsOf(results) {
  const counted = results.filter(({ status }) => COUNTED.includes(status));
  return { made: counted.length, noticed: counted.filter(({ status }) => NOTICED.includes(status)).length };
}

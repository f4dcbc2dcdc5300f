import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NOTICED = ['Killed', 'Timeout'];
const COUNTED = [...NOTICED, 'Survived', 'NoCoverage'];

/**
 * Writes what came of each mistake as Markdown: how many were noticed, file by file and room by room.
 *
 * @param {readonly import('@stryker-mutator/api/core').MutantResult[]} results
 */
export function scores(results) {
  const counted = results
    .filter(({ status }) => COUNTED.includes(status))
    .map(({ fileName, status }) => ({ file: relative(root, fileName), noticed: NOTICED.includes(status) }));
  const rooms = [...new Set(counted.map(({ file }) => dirname(file)))].sort();
  const rows = rooms.flatMap((room) => {
    const inRoom = counted.filter(({ file }) => dirname(file) === room);
    const files = [...new Set(inRoom.map(({ file }) => file))].sort();
    return [
      row(`**${room}**`, inRoom),
      ...files.map((name) =>
        row(
          basename(name),
          inRoom.filter(({ file }) => file === name),
        ),
      ),
    ];
  });
  return [
    '## Scores',
    '',
    'Written by `npm run mutate`. Noticed is what made a spec fail, or a loop go on for ever.',
    '',
    '|  | mistakes | noticed | not noticed | score |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    row('**together**', counted),
    '',
  ].join('\n');
}

/** @param {string} title @param {readonly { readonly noticed: boolean }[]} mistakes */
function row(title, mistakes) {
  const noticed = mistakes.filter((one) => one.noticed).length;
  const score = `${((100 * noticed) / mistakes.length).toFixed(1)} %`;
  return `| ${[title, mistakes.length, noticed, mistakes.length - noticed, score].join(' | ')} |`;
}

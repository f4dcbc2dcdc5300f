import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('@stryker-mutator/api/core').MutantResult} MutantResult */
/** @typedef {{ title: string, created: number, undetected: number }} Row */

const root = fileURLToPath(new URL('..', import.meta.url));
const DETECTED = ['Killed', 'Timeout'];
const COUNTED = [...DETECTED, 'Survived', 'NoCoverage'];

/**
 * Returns the percentage of detected mutants.
 *
 * @param {readonly MutantResult[]} results
 */
export function scoreOf(results) {
  return scoreOfRow(rowOf('', results));
}

/**
 * Writes the scores of one folder and its files into a Markdown table.
 *
 * @param {readonly MutantResult[]} results All results of the folder.
 * @param {string} table The existing table. Rows of other folders are preserved.
 */
export function scoreTable(results, table) {
  const fileOf = ({ fileName }) => relative(root, fileName);
  const folder = dirname(fileOf(results[0]));
  const files = [...new Set(results.map(fileOf))].sort();
  const folders = new Map(foldersIn(table));
  folders.set(`**${folder}**`, [
    rowOf(`**${folder}**`, results),
    ...files.map((file) => {
      const inFile = results.filter((one) => fileOf(one) === file);
      return rowOf(basename(file), inFile);
    }),
  ]);
  const sorted = [...folders].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, rows]) => rows);
  const sum = (key) => sorted.reduce((total, [first]) => total + first[key], 0);
  return [
    '## Scores',
    '',
    '`npm run mutate` writes this table. A mutant is detected if it makes a spec fail or run forever.',
    '',
    '|  | mutants | undetected | detected |',
    '| --- | ---: | ---: | ---: |',
    ...sorted.flat().map(lineOf),
    lineOf({ title: '**total**', created: sum('created'), undetected: sum('undetected') }),
    '',
  ].join('\n');
}

/**
 * Returns the rows of each folder. The first row is the folder's own.
 *
 * @returns {[string, Row[]][]}
 */
function foldersIn(table) {
  const folders = [];
  for (const [, title, created, undetected] of table.matchAll(/^\| +(\S+) +\| +(\d+) \| +(\d+) \|/gm)) {
    const row = { title, created: Number(created), undetected: Number(undetected) };
    if (title.startsWith('**lib/')) folders.push([title, [row]]);
    else if (!title.startsWith('**')) folders.at(-1)?.[1].push(row);
  }
  return folders;
}

function rowOf(title, results) {
  const counted = results.filter(({ status }) => COUNTED.includes(status));
  const undetected = counted.filter(({ status }) => !DETECTED.includes(status)).length;
  return { title, created: counted.length, undetected };
}

function lineOf(row) {
  return `| ${[row.title, row.created, row.undetected, `${scoreOfRow(row).toFixed(1)} %`].join(' | ')} |`;
}

function scoreOfRow({ created, undetected }) {
  return created === 0 ? 100 : (100 * (created - undetected)) / created;
}

import { randomInt } from 'd3-random';
import type { RandomSource } from './seeded-source.js';

/** What a question is about; the graph's router finds that out by itself. */
export type Domain = 'math' | 'code' | 'general';

/** How large a share of the questions each domain has. */
const shares: Readonly<Record<Domain, number>> = { math: 0.35, code: 0.25, general: 0.4 };

const languages = ['Python', 'Rust', 'TypeScript', 'SQL', 'Golang', 'Java'];
const tasks = [
  'reverse a list',
  'parse a date',
  'read a file by lines',
  'find duplicates',
  'sort by two keys',
  'retry a call',
  'merge two maps',
  'count words',
  'walk a tree',
  'round a price',
];
const verbs = ['Tell me about', 'Explain', 'What is known of', 'Why do people like'];
const topics = [
  'tides',
  'glaciers',
  'bees',
  'lighthouses',
  'volcanoes',
  'coffee',
  'chess',
  'rainbows',
  'owls',
  'bread',
  'comets',
  'moss',
  'canals',
  'violins',
  'salt',
  'deserts',
  'maps',
  'paper',
  'windmills',
  'whales',
];
const operations = ['plus', 'minus', 'times', 'divided by'];

/** Draws a question; some are asked much more often than others, and so found in caches. */
export function drawQuestion(source: RandomSource): string {
  const share = source();
  if (share < shares.math) return mathQuestion(source);
  if (share < shares.math + shares.code) {
    return `Write a ${popular(languages, source)} function to ${popular(tasks, source)}.`;
  }
  return `${popular(verbs, source)} ${popular(topics, source)}.`;
}

function mathQuestion(source: RandomSource): string {
  const number = randomInt.source(source)(2, 100);
  return `What is ${number()} ${popular(operations, source)} ${number()}?`;
}

/** The first ones are chosen more often: the square of an even draw favours small places. */
function popular(choices: readonly string[], source: RandomSource): string {
  return choices[Math.floor(source() ** 2 * choices.length)] ?? '';
}

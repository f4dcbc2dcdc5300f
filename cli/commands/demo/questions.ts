import { randomInt } from 'd3-random';
import type { RandomSource } from './seeded-source.js';

/** The subject of a question. The router of the graph detects it. */
export type Domain = 'math' | 'code' | 'general';

/** The share of the questions in each domain. */
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

/** Draws a random question. Some questions are frequent, so that caches have hits. */
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

/** Prefers the first choices, because the square of a uniform random number is mostly small. */
function popular(choices: readonly string[], source: RandomSource): string {
  return choices[Math.floor(source() ** 2 * choices.length)] ?? '';
}

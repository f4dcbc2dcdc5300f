import { type Reading, readScrape } from '../../cli/commands/top/reading.js';

/** A reading of these sample lines; all of one metric stand together, the types before them. */
export function readingOf(at: number, ...lines: readonly string[]): Reading {
  return readScrape(`${lines.join('\n')}\n`, at);
}

import { type Reading, readScrape } from '../../cli/commands/top/reading.js';

/** Parses these lines of a scrape. The lines of a metric are consecutive, and its TYPE line comes first. */
export function readingOf(at: number, ...lines: readonly string[]): Reading {
  return readScrape(`${lines.join('\n')}\n`, at);
}

import { type Reading, readScrape } from '../../cli/commands/top/reading.js';

/** Parses these lines of a scrape. The lines of a metric are consecutive, and its TYPE line comes first. */
export function readingOf(at: number, ...lines: readonly string[]): Reading {
  return readScrape(`${lines.join('\n')}\n`, at);
}

/** Parses these lines of a scrape in OpenMetrics. */
export function openMetricsReadingOf(at: number, ...lines: readonly string[]): Reading {
  return readScrape(`${lines.join('\n')}\n# EOF\n`, at, 'application/openmetrics-text; version=2.0.0; charset=utf-8');
}

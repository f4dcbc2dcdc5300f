import { median } from '../statistics.js';
import type { Counts } from './counts.js';
import type { Sample, SoakResult } from './soak.js';

/**
 * The share of the second half that is compared, at its start and at its end.
 *
 * The first half is the warm-up: the allocator keeps the largest memory that a scrape or a push needed, and reaches
 * this size only after several hundred of them.
 */
const compared = 0.2;

/** The memory after the warm-up and at the end. */
export interface Flatness {
  readonly warm: number;
  readonly end: number;
}

/** Returns the medians of a value after the warm-up and at the end. */
export function flatnessOf(samples: readonly Sample[], of: (sample: Sample) => number): Flatness {
  const warm = samples.slice(Math.floor(samples.length / 2));
  const part = Math.max(1, Math.floor(warm.length * compared));
  return { warm: median(warm.slice(0, part).map(of)), end: median(warm.slice(-part).map(of)) };
}

/** The problems of a soak, one sentence each. Empty if there are none. */
export function faultsOf({ final, scraped, pushed, active, decreases, samples }: SoakResult): string[] {
  const names = Object.keys(scraped) as (keyof Counts)[];
  const differing = (reported: Counts, by: string): string[] =>
    names
      .filter((name) => reported[name] !== final.counts[name])
      .map(
        (name) =>
          `${by} reports ${reported[name]} ${name}; expected ${final.counts[name]}, as the application counted.`,
      );
  const { warm, end } = flatnessOf(samples, ({ rssMiB }) => rssMiB);
  return [
    ...differing(scraped, 'The scrape'),
    ...differing(pushed, 'The hub'),
    ...(active === 0 ? [] : [`The gauges show ${active} calls in flight; expected 0.`]),
    ...(decreases === 0 ? [] : [`Totals decreased ${decreases} times; expected 0.`]),
    ...(end <= warm * 1.1
      ? []
      : [`Memory grew from ${warm.toFixed(0)} to ${end.toFixed(0)} MiB; expected at most 10 % growth.`]),
  ];
}

/** Formats the result of a soak as Markdown. The chart is a separate file. */
export function soakReport(result: SoakResult, minutes: number): string {
  const { samples, scrapes, final, scraped, pushed, decreases, active } = result;
  const rss = flatnessOf(samples, ({ rssMiB }) => rssMiB);
  const heap = flatnessOf(samples, ({ heapMiB }) => heapMiB);
  const buffers = flatnessOf(samples, ({ externalMiB }) => externalMiB);
  const scrapeTimes = samples.map(({ scrapeMilliseconds }) => scrapeMilliseconds);
  const names = Object.keys(scraped) as (keyof Counts)[];
  const words: Readonly<Record<keyof Counts, string>> = {
    nodes: 'node executions, with a new name each',
    nodeErrors: 'errors of nodes',
    graphs: 'graph executions',
    requests: 'requests',
    cancelled: 'streams cancelled by their reader',
    tokens: 'tokens',
  };
  return [
    '# Soak',
    '',
    `\`npm run soak\` writes this file. It ran ${minutes} minutes of traffic on Node ${process.version}.`,
    '',
    '![Memory of the process over the minutes](soak.svg)',
    '',
    '|  | after the first half | at the end |',
    '| --- | ---: | ---: |',
    `| memory of the process, MiB | ${rss.warm.toFixed(0)} | ${rss.end.toFixed(0)} |`,
    `| JavaScript heap, MiB | ${heap.warm.toFixed(0)} | ${heap.end.toFixed(0)} |`,
    `| buffers, MiB | ${buffers.warm.toFixed(0)} | ${buffers.end.toFixed(0)} |`,
    '',
    `During this time, ${samples.at(-1)?.threads ?? 0} threads started and exited. The server answered ${scrapes} scrapes, with a median time of`,
    `${median(scrapeTimes).toFixed(0)} ms. The application pushed to a hub ${final.pushes} times. Totals that decreased: ${decreases}. Calls in flight at the end: ${active}.`,
    '',
    '|  | counted by the application | in a scrape | on the hub |',
    '| --- | ---: | ---: | ---: |',
    ...names.map((name) => `| ${words[name]} | ${final.counts[name]} | ${scraped[name]} | ${pushed[name]} |`),
    '',
  ].join('\n');
}

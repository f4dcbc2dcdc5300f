import { median } from '../statistics.js';
import type { Counts } from './counts.js';
import type { Look, SoakResult } from './soak.js';

/**
 * The part that is compared, at either end of the second half. The first half warms up: what a thread that renders
 * scrapes, or a push, takes at its largest is kept by the allocator, which gets there only after some hundreds of them.
 */
const compared = 0.2;

/** How memory at the end compares with memory once the process was warm. */
export interface Flatness {
  readonly warm: number;
  readonly end: number;
}

/** Compares the medians of a number at the middle and at the end. */
export function flatnessOf(looks: readonly Look[], of: (look: Look) => number): Flatness {
  const warm = looks.slice(Math.floor(looks.length / 2));
  const part = Math.max(1, Math.floor(warm.length * compared));
  return { warm: median(warm.slice(0, part).map(of)), end: median(warm.slice(-part).map(of)) };
}

/** What is wrong with what a soak saw; nothing when all is well. */
export function faultsOf({ ending, scraped, pushed, active, decreases, looks }: SoakResult): string[] {
  const names = Object.keys(scraped) as (keyof Counts)[];
  const differing = (told: Counts, by: string): string[] =>
    names
      .filter((name) => told[name] !== ending.counts[name])
      .map((name) => `${by} tells ${told[name]} ${name}; the application did ${ending.counts[name]}.`);
  const { warm, end } = flatnessOf(looks, ({ rssMiB }) => rssMiB);
  return [
    ...differing(scraped, 'a scrape'),
    ...differing(pushed, 'the hub'),
    ...(active === 0 ? [] : [`${active} are told to be under way; nothing was.`]),
    ...(decreases === 0 ? [] : [`A total went down ${decreases} times.`]),
    ...(end <= warm * 1.1 ? [] : [`Memory grew from ${warm.toFixed(0)} to ${end.toFixed(0)} MiB.`]),
  ];
}

/** Tells what a soak saw, in Markdown, beside a chart. */
export function soakReport(result: SoakResult, minutes: number): string {
  const { looks, scrapes, ending, scraped, pushed, decreases, active } = result;
  const rss = flatnessOf(looks, ({ rssMiB }) => rssMiB);
  const heap = flatnessOf(looks, ({ heapMiB }) => heapMiB);
  const buffers = flatnessOf(looks, ({ externalMiB }) => externalMiB);
  const scrapeTimes = looks.map(({ scrapeMilliseconds }) => scrapeMilliseconds);
  const names = Object.keys(scraped) as (keyof Counts)[];
  const words: Readonly<Record<keyof Counts, string>> = {
    nodes: 'node executions, of ever new names',
    nodeErrors: 'errors of nodes',
    graphs: 'graph executions',
    requests: 'requests',
    cancelled: 'streams left by their caller',
    tokens: 'tokens',
  };
  return [
    '# Soak',
    '',
    `Written by \`npm run soak\`: ${minutes} minutes of traffic, on Node ${process.version}.`,
    '',
    '![Memory of the process over the minutes](soak.svg)',
    '',
    '|  | at half the time | at the end |',
    '| --- | ---: | ---: |',
    `| memory of the process, MiB | ${rss.warm.toFixed(0)} | ${rss.end.toFixed(0)} |`,
    `| of it JavaScript's heap, MiB | ${heap.warm.toFixed(0)} | ${heap.end.toFixed(0)} |`,
    `| of it buffers, MiB | ${buffers.warm.toFixed(0)} | ${buffers.end.toFixed(0)} |`,
    '',
    `Meanwhile ${looks.at(-1)?.threads ?? 0} threads came and went, ${scrapes} scrapes were answered, ${median(scrapeTimes).toFixed(0)} ms`,
    `at the median, and ${ending.pushes} pushes were sent to a hub. Totals that went down: ${decreases}. Told to be under way at the end: ${active}.`,
    '',
    '|  | done | by a scrape | by the hub |',
    '| --- | ---: | ---: | ---: |',
    ...names.map((name) => `| ${words[name]} | ${ending.counts[name]} | ${scraped[name]} | ${pushed[name]} |`),
    '',
  ].join('\n');
}

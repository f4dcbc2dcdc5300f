import { cpus, totalmem } from 'node:os';
import type { MemoryOfSeries } from './memory-of-series.js';
import type { OnNode, Results } from './results.js';
import type { Summary } from './statistics.js';
import { callTargets, installTargets, isMet, readTargets, startTargets, type Target } from './targets.js';

const NAMES: Readonly<Record<string, string>> = {
  bare: 'the bare call itself',
  floor: 'clock-only wrapper (the floor)',
  node: '`@TrackNode`, labels fixed',
  'node-computed': '`@TrackNode`, labels computed',
  request: '`@TrackRequest`, labels fixed',
  'request-usage': '`@TrackRequest`, an answer with token counts',
  'request-stream': '`@TrackRequest`',
  'prom-client': 'prom-client, by hand',
  'prom-client-computed': 'prom-client, by hand, labels computed',
  'open-telemetry': 'OpenTelemetry SDK, by hand',
  'prometheus-io': '@prometheus-io/client, by hand',
};

/** Writes everything that was measured as Markdown. */
export function report({ nodes, scrapes, memory, starts, installs }: Results): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; `npm run bench -- --quick` checks in a minute that everything runs and writes nothing.',
    '`npm run bench -- --allocation` shows the bytes a call allocates, alone.',
    '',
    `Machine: ${machine()}. Node ${nodes.map(({ version }) => version).join(' and ')}.`,
    'Everything that is compared was measured in the same run, in turns; a number is the median, with the middle half of the',
    'measurements behind it. Ratios carry over to other machines, the numbers themselves do not.',
    '',
    ...nodes.flatMap(callSection),
    '## Scrapes',
    '',
    'Over HTTP by another process, ten at a time. The stall is the time in which ten scrapes kept the main thread from anything',
    'else, by the event loop utilization; the worst stall is the longest wait of a timer on it.',
    '',
    ...table(
      ['series', '', 'time, ms', 'bytes', 'stall of ten, ms', 'worst stall, ms'],
      scrapes.map(({ library, series, time, bytes, stall, worst }) => [
        String(series),
        library,
        spread(time, 1),
        String(bytes),
        spread(stall, 1),
        spread(worst, 1),
      ]),
    ),
    '## Memory',
    '',
    'Bytes a histogram series of 13 buckets and two labels takes once it was scraped, after a collection: on the heap, in buffers (shared ones too), and in',
    'the heaps of worker threads. What the operating system holds for the process includes garbage and is for orientation.',
    '',
    ...table(
      ['', 'heap', 'buffers', 'worker threads', 'together', 'resident'],
      Object.entries(memory).map(([library, of]) => [library, ...memoryCells(of)]),
    ),
    ...targetLines(readTargets({ scrapes, memory })),
    ...MEMORY_NOTE,
    '## Start',
    '',
    `Whole processes, Node's own start included, in milliseconds, on Node ${process.version}.`,
    '',
    ...table(
      ['', 'elapsed', 'processor time'],
      Object.entries(starts).map(([name, { elapsed, processor }]) => [
        `\`${name}\``,
        spread(elapsed, 0),
        spread(processor, 0),
      ]),
    ),
    ...targetLines(startTargets(starts)),
    '## Installation',
    '',
    'Packages and disk space after `npm install` in an empty folder, dependencies included; for `tinyllm`, of its tarball.',
    '',
    ...table(
      ['', 'MiB', 'packages'],
      Object.entries(installs).map(([library, { mebibytes, packages }]) => [
        library,
        mebibytes.toFixed(1),
        String(packages),
      ]),
    ),
    ...targetLines(installTargets(installs)),
  ].join('\n');
}

/** Writes what calls allocate as Markdown. */
export function allocationReport(nodes: readonly Pick<OnNode, 'version' | 'allocations'>[]): string {
  return nodes
    .flatMap(({ version, allocations }) => [
      `Bytes a call allocates, over the bare call's (Node ${version}):`,
      '',
      ...table(
        ['', 'bytes'],
        Object.entries(allocations).map(([name, bytes]) => [NAMES[name] ?? name, bytes.toFixed(0)]),
      ),
    ])
    .join('\n');
}

function callSection(node: OnNode): string[] {
  const { version, costs, allocations } = node;
  const floor = costs.calls.floor!.median;
  const promClient = costs.calls['prom-client']!.median;
  return [
    `## Calls, on Node ${version}`,
    '',
    'What instrumenting an async method that answers at once adds to a call of it, in nanoseconds and bytes.',
    'By hand: a counter, a gauge and a histogram.',
    '',
    ...table(
      ['', 'added, ns', 'over the floor', 'below prom-client', 'bytes'],
      Object.entries(costs.calls).map(([name, added]) => [
        NAMES[name] ?? name,
        spread(added, 0),
        name === 'bare' ? '' : `${(added.median / floor).toFixed(2)} ×`,
        name === 'bare' ? '' : `${(promClient / added.median).toFixed(1)} ×`,
        allocations[name]?.toFixed(0) ?? '',
      ]),
    ),
    'What it adds to a stream of 100 chunks that are there at once, in microseconds a stream.',
    '',
    ...table(
      ['', 'added, µs'],
      Object.entries(costs.streams).map(([name, added]) => [
        name === 'bare' ? 'the bare stream itself' : (NAMES[name] ?? name),
        spread(scaled(added, 1_000), 1),
      ]),
    ),
    ...targetLines(callTargets(node)),
  ];
}

function targetLines(targets: readonly Target[]): string[] {
  return table(
    ['target', 'measured', ''],
    targets.map((target) => [
      `${target.what}: ${target.kind} ${target.bound}${unitOf(target)}`,
      `${target.measured.toFixed(2)}${unitOf(target)}`,
      isMet(target) ? 'met' : '**missed**',
    ]),
  );
}

function unitOf({ unit = '×' }: Target): string {
  return unit === '' ? '' : ` ${unit}`;
}

function memoryCells({ heap, buffers, workers, resident }: MemoryOfSeries): string[] {
  return [heap, buffers, workers, heap + buffers + workers, resident].map((bytes) => bytes.toFixed(0));
}

function machine(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${gibibytes} GiB, ${process.platform} ${process.arch}`;
}

function spread({ median, lower, upper }: Summary, digits: number): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

function scaled({ median, lower, upper }: Summary, by: number): Summary {
  return { median: median / by, lower: lower / by, upper: upper / by };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line), ''];
}

/** Why the memory of a series is what it is. */
const MEMORY_NOTE = [
  'The thread that records holds of a series its cells (120 bytes here), a record in the log that says what they are, a handle, and',
  'its place in the tree that finds it by its labels. The thread that answers scrapes holds four bytes, the place of that record,',
  'and reads labels and all else there at each scrape. Where several threads have series of a metric, it also holds a tree of the',
  'labels, to know which are the same: some 80 bytes a series more.',
  '',
] as const;

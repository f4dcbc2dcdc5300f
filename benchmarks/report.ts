import { cpus, totalmem } from 'node:os';
import { formatSection } from './formats/format-report.js';
import { labelSection } from './labels/label-report.js';
import { spread, table, targetLines } from './markdown.js';
import type { MemoryOfSeries } from './memory-of-series.js';
import type { OnNode, Results } from './results.js';
import type { Summary } from './statistics.js';
import { callTargets, installTargets, metricTargets, readTargets, startTargets } from './targets.js';

const NAMES: Readonly<Record<string, string>> = {
  bare: 'the bare call itself',
  floor: 'clock-only wrapper (the floor)',
  node: '`@TrackNode`, labels fixed',
  'node-computed': '`@TrackNode`, labels computed',
  request: '`@TrackRequest`, labels fixed',
  'request-usage': '`@TrackRequest`, a result with token counts',
  'request-stream': '`@TrackRequest`',
  'prom-client': 'prom-client, by hand',
  'prom-client-computed': 'prom-client, by hand, labels computed',
  'open-telemetry': 'OpenTelemetry SDK, by hand',
  'prometheus-io': '@prometheus-io/client, by hand',
};

/** Formats all results as Markdown. */
export function report({ nodes, labels, scrapes, formats, memory, starts, installs }: Results): string {
  return [
    '# Benchmarks',
    '',
    '`npm run bench` writes this file. `npm run bench -- --quick` checks in two minutes that everything runs, and writes nothing.',
    '`npm run bench -- --allocation` only measures the bytes that each call allocates. `npm run bench -- --labels` only',
    'measures labels, context and switching off. `npm run bench -- --scrape` only compares scrapes with client_golang. These three',
    'print their results, and write nothing.',
    '',
    `Machine: ${machine()}. Node ${labels.map(({ version }) => version).join(', ')}.`,
    'All compared subjects were measured in the same run, in turns. Each number is a median, followed by the range of the',
    'middle half of the measurements. Ratios are similar on other machines. Absolute numbers are not.',
    '',
    ...nodes.flatMap(callSection),
    ...nodes.flatMap(metricSection),
    ...labels.flatMap(labelSection),
    '## Scrapes',
    '',
    'Another process scrapes over HTTP, ten times in a row. The stall is the time for which ten scrapes block the main thread,',
    'measured by the event loop utilization. The worst stall is the longest delay of a timer on the main thread.',
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
    ...formatSection(formats),
    '## Memory',
    '',
    'Bytes per histogram series with 13 buckets and two labels, after a scrape and a garbage collection. The columns are the heap,',
    'buffers (including shared ones) and the heaps of worker threads. The resident memory of the process includes garbage, and is',
    'only a rough value.',
    '',
    ...table(
      ['', 'heap', 'buffers', 'worker threads', 'total', 'resident'],
      Object.entries(memory).map(([library, of]) => [library, ...memoryCells(of)]),
    ),
    ...targetLines(readTargets({ scrapes, memory })),
    ...MEMORY_NOTE,
    '## Start',
    '',
    `Whole processes, including the start of Node, in milliseconds, on Node ${process.version}.`,
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
    'Packages and disk space after `npm install` in an empty folder, including dependencies. `tinyllm` is installed from its tarball.',
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

/** Formats the bytes that calls allocate as Markdown. */
export function allocationReport(nodes: readonly Pick<OnNode, 'version' | 'allocations'>[]): string {
  return nodes
    .flatMap(({ version, allocations }) => [
      `Bytes that each call allocates in addition to the bare call (Node ${version}):`,
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
    'Cost that instrumentation adds to each call of an async method that returns at once, in nanoseconds and bytes. "By hand"',
    'means a counter, a gauge and a histogram.',
    '',
    ...table(
      ['', 'added, ns', 'compared with the floor', 'faster than prom-client', 'bytes'],
      Object.entries(costs.calls).map(([name, added]) => [
        NAMES[name] ?? name,
        spread(added, 0),
        name === 'bare' ? '' : `${(added.median / floor).toFixed(2)} ×`,
        name === 'bare' ? '' : `${(promClient / added.median).toFixed(1)} ×`,
        allocations[name]?.toFixed(0) ?? '',
      ]),
    ),
    'Cost that instrumentation adds to a stream of 100 chunks without delays, in microseconds per stream.',
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

function metricSection(node: OnNode): string[] {
  const { version, metrics } = node;
  return [
    `## Metrics of the application, on Node ${version}`,
    '',
    'Cost of one operation on a metric with two labels, in nanoseconds. "Bound" means on the result of `labels()`. The row of',
    'the summary compares only `@tinyllm/prom-client` with prom-client, because `tinyllm` has no summary of its own.',
    '',
    ...table(
      ['', 'tinyllm, ns', '@tinyllm/prom-client, ns', 'prom-client, ns', 'drop-in faster than prom-client'],
      Object.entries(metrics).map(
        ([operation, { tinyllm: ours, '@tinyllm/prom-client': dropIn, 'prom-client': theirs }]) => [
          operation,
          operation.includes('summary') ? '' : spread(ours!, 1),
          spread(dropIn!, 1),
          spread(theirs!, 1),
          `${(theirs!.median / dropIn!.median).toFixed(1)} ×`,
        ],
      ),
    ),
    ...targetLines(metricTargets(node)),
  ];
}

function memoryCells({ heap, buffers, workers, resident }: MemoryOfSeries): string[] {
  return [heap, buffers, workers, heap + buffers + workers, resident].map((bytes) => bytes.toFixed(0));
}

function machine(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${gibibytes} GiB, ${process.platform} ${process.arch}`;
}

function scaled({ median, lower, upper }: Summary, by: number): Summary {
  return { median: median / by, lower: lower / by, upper: upper / by };
}

/** Explains the memory that a series uses. */
const MEMORY_NOTE = [
  'For each series, the recording thread stores its cells (120 bytes here), a log record that describes the cells, a handle, and',
  'an entry in a tree that finds the series by its labels. The scrape thread stores four bytes per series: the position of the log',
  'record. It reads the labels and everything else from the record at each scrape. If several threads have series of a metric, the',
  'scrape thread also stores a tree of the labels to find equal series. This takes about 80 more bytes per series.',
  '',
] as const;

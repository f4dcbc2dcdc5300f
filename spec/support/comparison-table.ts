import { markdownTable } from './documents.js';

const libraries = ['tinyllm', 'prom-client', '@prometheus-io/client', 'OpenTelemetry SDK'] as const;

/** The table of the README, with numbers from the results that `npm run bench` wrote to `benchmarks/README.md`. */
export function comparisonTable(results: string): string {
  const [, version = '', calls = ''] = /[\s\S]*^## Calls, on Node (\S+)\n([\s\S]*?)(?=^## )/m.exec(results) ?? [];
  const machine = /^Machine: (.*?)\. Node/m.exec(results)?.[1] ?? '';
  const series = '10000';
  const starts = sectionOf(results, 'Start');
  const installs = sectionOf(results, 'Installation');
  const scrape = (library: string, column: number): string => cellOf(results, [series, library], column + 1);
  const table = markdownTable([
    ['', ...libraries],
    ['cost of a measured call, ns', ...named((name) => cellOf(calls, [name], 0))],
    ['bytes allocated per call', ...named((name) => cellOf(calls, [name], 3))],
    ['cost of a stream of 100 chunks, µs', ...named((name) => cellOf(streamsOf(calls), [name], 0), '`@TrackRequest`')],
    [`time of a scrape of ${series} series, ms`, ...pair((library) => scrape(library, 0))],
    ['main thread blocked by ten scrapes, ms', ...pair((library) => scrape(library, 2))],
    ['memory per histogram series, bytes', ...pair((library) => cellOf(sectionOf(results, 'Memory'), [library], 3))],
    [
      'processor time of a process that imports the library, ms',
      ...pair((library) => cellOf(starts, [`\`import '${library}'\``], 1)),
    ],
    ['installed size with dependencies, MiB', ...libraries.map((library) => cellOf(installs, [library], 0))],
    ['installed packages', ...libraries.map((library) => cellOf(installs, [library], 1))],
  ]);
  const elsewhere = /^Whole processes.*on Node (\S+)\.$/m.exec(results)?.[1] ?? version;
  const formats = sectionOf(results, 'Formats, compared with client_golang');
  const compressed = ['protobuf', 'text'].map((format) => {
    const [ours, theirs] = ['tinyllm', 'client_golang'].map((library) =>
      cellOf(formats, [format, 'classic', library], 2),
    );
    return `${ours} ms in ${format} (client_golang: ${theirs} ms)`;
  });
  return `${table}\n\nMedians on ${machine}, with Node ${version} for calls and ${elsewhere} for the rest. Lower is better. A dash means not measured. A compressed scrape of ${series} changing histogram series takes ${compressed.join(' and ')}.`;
}

/** A cell for each library, by its row among the calls. */
function named(cell: (row: string) => string, own = '`@TrackNode`, labels fixed'): readonly string[] {
  return [own, 'prom-client, by hand', '@prometheus-io/client, by hand', 'OpenTelemetry SDK, by hand'].map(cell);
}

/** A cell for each library, for rows that compare only two libraries. */
function pair(cell: (library: string) => string): readonly string[] {
  return [cell('tinyllm'), cell('prom-client'), '–', '–'];
}

/** The text from a heading of level 2 to the next. */
function sectionOf(text: string, heading: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

function streamsOf(calls: string): string {
  return calls.slice(calls.indexOf('Cost that instrumentation adds to a stream'));
}

/** The median of a column in the row that begins with these cells. Columns are counted from 0, after the first one. */
function cellOf(text: string, row: readonly string[], column: number): string {
  const found = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((cells) => row.every((name, at) => cells[at + 1] === name));
  return found?.[column + 2]?.split(' ')[0] || '–';
}

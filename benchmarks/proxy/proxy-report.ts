import { cpus, totalmem } from 'node:os';
import type { Summary } from '../statistics.js';
import { isMet, type Target } from '../targets.js';
import type { ProxyMeasurement } from './measure-proxies.js';

/** The results of one run, in this order: the upstream, the two bare pass-throughs, the proxy, nginx. */
export interface ProxyResults {
  readonly names: readonly string[];
  readonly measurements: readonly ProxyMeasurement[];
  /** Resident memory of the proxy in MiB: after the warm-up, and after each tenth of the exchanges. */
  readonly memory: readonly number[];
  readonly exchanges: number;
}

/** Formats the results as Markdown. */
export function proxyReport(results: ProxyResults): string {
  const { names, measurements, memory, exchanges } = results;
  const streams = [...(measurements[0]?.chunks.keys() ?? [])];
  const hasNginx = names.some((name) => name.startsWith('nginx'));
  return `${[
    '# The proxy',
    '',
    '`npm run bench:proxy` writes this file. `npm run bench:proxy -- --quick` checks in a minute that everything runs, and writes nothing.',
    '',
    `Machine: ${machine()}. Node ${process.version}. Each server runs in its own process. All servers and the client run`,
    'on this machine, and are measured in the same run, in turns. Each number is the median of the rounds, followed by the range of',
    'the middle half of the rounds. Ratios are similar on other machines. Absolute numbers are not.',
    ...(hasNginx ? [] : ['', 'There are no results for nginx, because it is not installed.']),
    '',
    '## Latency',
    '',
    'Sequential requests on one connection, in microseconds: the time to the end of a complete response of 1 KB, and the time to the',
    'first byte of a streamed response. "Added" is the median difference between a round through the proxy and a round without it.',
    '',
    ...table(
      ['', 'complete response', 'added', 'first byte', 'added'],
      measurements.map((one, place) => [
        names[place] ?? '',
        spread(one.whole),
        place === 0 ? '' : one.wholeAdded.toFixed(0),
        spread(one.first),
        place === 0 ? '' : one.firstAdded.toFixed(0),
      ]),
    ),
    '## Throughput',
    '',
    'Stream chunks per second, for two numbers of concurrent streams. Each chunk is a separate event, and all are sent as fast as',
    'possible. The client is also one Node process, and its speed limits the results of all servers.',
    '',
    ...table(
      ['', ...streams.map((count) => `${count} streams`)],
      measurements.map((one, place) => [names[place] ?? '', ...streams.map((count) => spread(one.chunks.get(count)!))]),
    ),
    '## Memory',
    '',
    `Resident memory of \`tinyllm proxy\` during ${exchanges} exchanges, in MiB. 32 exchanges run at a time, and a quarter of them are`,
    `streamed. The first number is after ${exchanges / 20} exchanges to warm up, and the others are after each tenth of the exchanges:`,
    `${memory.map((mebibytes) => mebibytes.toFixed(0)).join(', ')}.`,
    '',
    '## Targets',
    '',
    ...table(
      ['target', 'measured', ''],
      targets(results).map((target) => [
        `${target.what}: ${target.kind} ${target.bound} ×`,
        `${target.measured.toFixed(2)} ×`,
        isMet(target) ? 'met' : '**missed**',
      ]),
    ),
  ].join('\n')}\n`;
}

/** The targets that this run missed. */
export function targetsMissed(results: ProxyResults): readonly Target[] {
  return targets(results).filter((target) => !isMet(target));
}

function targets({ measurements, memory }: ProxyResults): Target[] {
  const [, onHttp, onUndici, proxy] = measurements;
  const [warm = 0] = memory;
  return [
    {
      what: 'added to a complete response, compared with the faster bare pass-through',
      measured: proxy!.wholeAdded / Math.min(onHttp!.wholeAdded, onUndici!.wholeAdded),
      bound: 2,
      kind: 'at most',
    },
    {
      what: 'added to the first byte of a stream, compared with the faster bare pass-through',
      measured: proxy!.firstAdded / Math.min(onHttp!.firstAdded, onUndici!.firstAdded),
      bound: 2,
      kind: 'at most',
    },
    {
      what: 'memory at the end, compared with after the warm-up',
      measured: memory.at(-1)! / warm,
      bound: 1.3,
      kind: 'at most',
    },
  ];
}

function machine(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${gibibytes} GiB, ${process.platform} ${process.arch}`;
}

function spread({ median, lower, upper }: Summary): string {
  return `${median.toFixed(0)} (${lower.toFixed(0)}–${upper.toFixed(0)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line), ''];
}

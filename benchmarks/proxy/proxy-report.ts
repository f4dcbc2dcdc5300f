import { cpus, totalmem } from 'node:os';
import type { Summary } from '../statistics.js';
import { isMet, type Target } from '../targets.js';
import type { ProxyFigures } from './measure-proxies.js';

/** Everything one run measured; the upstream, the two bare ones and the proxy come in this order. */
export interface ProxyResults {
  readonly names: readonly string[];
  readonly figures: readonly ProxyFigures[];
  /** MiB the proxy held, after each tenth of the exchanges. */
  readonly memory: readonly number[];
  readonly exchanges: number;
}

/** Writes what was measured as Markdown. */
export function proxyReport(results: ProxyResults): string {
  const { names, figures, memory, exchanges } = results;
  const streams = [...(figures[0]?.pieces.keys() ?? [])];
  const hasNginx = names.some((name) => name.startsWith('nginx'));
  return `${[
    '# The proxy',
    '',
    'Written by `npm run bench:proxy`; `npm run bench:proxy -- --quick` checks in a minute that everything runs and writes nothing.',
    '',
    `Machine: ${machine()}. Node ${process.version}. Each server runs in a process of its own, all of them and the client on this`,
    'machine, and all are measured in the same run, in turns; a number is the median of the rounds, with the middle half behind it.',
    'Ratios carry over to other machines, the numbers themselves do not.',
    ...(hasNginx ? [] : ['', 'nginx was not installed, and is missing here.']),
    '',
    '## Latency',
    '',
    'One request after the other on one connection, in microseconds: to the end of a whole answer of 1 KB, and to the first byte of a',
    'streamed one. Added is the median of what a round took more than the same round at the upstream itself.',
    '',
    ...table(
      ['', 'whole answer', 'added', 'first byte', 'added'],
      figures.map((one, place) => [
        names[place] ?? '',
        spread(one.whole),
        place === 0 ? '' : one.wholeAdded.toFixed(0),
        spread(one.first),
        place === 0 ? '' : one.firstAdded.toFixed(0),
      ]),
    ),
    '## Throughput',
    '',
    'Pieces of streams a second, each piece an event of its own, as fast as they go; by how many streams run at a time. The client',
    'is one process of Node like the others, and no server can show more than it takes.',
    '',
    ...table(
      ['', ...streams.map((count) => `${count} streams`)],
      figures.map((one, place) => [names[place] ?? '', ...streams.map((count) => spread(one.pieces.get(count)!))]),
    ),
    '## Memory',
    '',
    `Resident memory of \`tinyllm proxy\` over ${exchanges} exchanges, 32 at a time, a quarter of them streamed, after each tenth of them`,
    `(the first number: after ${exchanges / 20} to warm up), in MiB: ${memory.map((held) => held.toFixed(0)).join(', ')}.`,
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

/** The targets this run did not meet. */
export function targetsMissed(results: ProxyResults): readonly Target[] {
  return targets(results).filter((target) => !isMet(target));
}

function targets({ figures, memory }: ProxyResults): Target[] {
  const [, onHttp, onUndici, proxy] = figures;
  const [warm = 0] = memory;
  return [
    {
      what: 'added to a whole answer, over the faster bare pass-through',
      measured: proxy!.wholeAdded / Math.min(onHttp!.wholeAdded, onUndici!.wholeAdded),
      bound: 2,
      kind: 'at most',
    },
    {
      what: 'added to the first byte of a stream, over the faster bare pass-through',
      measured: proxy!.firstAdded / Math.min(onHttp!.firstAdded, onUndici!.firstAdded),
      bound: 2,
      kind: 'at most',
    },
    {
      what: 'memory at the end, over that after warming up',
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

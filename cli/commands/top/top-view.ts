import { readableSeconds } from '../../executor/trace-table.js';
import { printable } from '../../terminal/printable.js';
import { table } from '../../terminal/table.js';
import type { ModelStatistics, NodeStatistics, TopStatistics } from './statistics.js';

/** The style of a line on a terminal with colour. */
export type Tone = 'bold' | 'red' | 'yellow';

/** A line of the view. */
export interface ViewLine {
  readonly text: string;
  readonly tone?: Tone;
}

/** The state to show. */
export interface TopState {
  readonly url: string;
  /** The time of day of the last scrape. */
  readonly time: string;
  /** The statistics of the last successful scrape. Undefined before it. */
  readonly statistics: TopStatistics | undefined;
  /** The current problem of the endpoint, and its duration in seconds. */
  readonly problem?: { readonly message: string; readonly seconds: number } | undefined;
}

/** The available space in characters. Undefined means unlimited. */
export interface ViewSize {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

const noValue = '-';
const gap = '   ';

/** Lays out the statistics in the available space. Drops the least important columns and lines if they don't fit. */
export function topView({ url, time, statistics, problem }: TopState, size: ViewSize = {}): readonly ViewLine[] {
  const { columns = Number.POSITIVE_INFINITY, rows = Number.POSITIVE_INFINITY } = size;
  const lines: ViewLine[] = [{ text: `tinyllm top   ${time}   ${url}`, tone: 'bold' }];
  if (problem !== undefined) {
    const text = `The endpoint ${problem.message.replace(/\.$/, '')}.`;
    const duration = `This problem has lasted for ${Math.round(problem.seconds)} s; the values below are older.`;
    lines.push({ text: statistics === undefined ? text : `${text} ${duration}`, tone: 'red' });
  }
  if (statistics !== undefined) {
    if (!statistics.hasTraffic) lines.push({ text: 'no traffic yet' });
    else if (statistics.windowSeconds === 0) lines.push({ text: 'rates are shown after the next scrape' });
    lines.push(...summary(statistics, columns));
    lines.push(...section(modelColumns, statistics.models, columns));
    lines.push(...section(nodeColumns, statistics.nodes, columns));
  }
  return lines.slice(0, rows).map((line) => ({ ...line, text: cut(line.text, columns) }));
}

function summary(statistics: TopStatistics, columns: number): readonly ViewLine[] {
  const { queue, windowSeconds } = statistics;
  const over = windowSeconds === 0 ? '' : ` over ${Math.round(windowSeconds)} s`;
  const facts = [
    `requests ${rate(statistics.requestsPerSecond)}${over}`,
    `active ${statistics.active}`,
    `errors ${share(statistics.errorPercent)}`,
    `p50 ${seconds(statistics.p50Seconds)}`,
    `p95 ${seconds(statistics.p95Seconds)}`,
    `p99 ${seconds(statistics.p99Seconds)}`,
    `tokens in ${rate(statistics.inputTokensPerSecond)}, out ${rate(statistics.outputTokensPerSecond)}`,
    `cache hits ${share(statistics.cacheHitPercent)}`,
    ...(queue === null
      ? []
      : [
          `queue ${queue.waiting} of ${queue.capacity}`,
          `workers ${queue.busyWorkers}`,
          `rejected ${rate(queue.rejectedPerSecond)}`,
        ]),
  ];
  return [...wrapped(facts, Math.min(columns, 100)).map((text) => ({ text })), ...breakerLines(statistics.models)];
}

function breakerLines(models: readonly ModelStatistics[]): readonly ViewLine[] {
  return models
    .filter(({ breaker }) => breaker === 'open' || breaker === 'half-open')
    .map(({ model, breaker }) => ({
      text: `circuit breaker of ${plain(model)}: ${breaker}`,
      tone: breaker === 'open' ? 'red' : 'yellow',
    }));
}

interface ViewColumn<Row> {
  readonly title: string;
  readonly numeric?: boolean;
  readonly cell: (row: Row) => string;
}

/** Columns on the right are dropped first if space is short. */
const modelColumns: readonly ViewColumn<ModelStatistics>[] = [
  { title: 'model', cell: ({ model }) => plain(model) },
  { title: 'requests', numeric: true, cell: ({ requestsPerSecond }) => rate(requestsPerSecond) },
  { title: 'errors', numeric: true, cell: ({ errorPercent }) => share(errorPercent) },
  { title: 'p95', numeric: true, cell: ({ p95Seconds }) => seconds(p95Seconds) },
  { title: 'breaker', cell: ({ breaker }) => breaker ?? noValue },
  { title: 'active', numeric: true, cell: ({ active }) => String(active) },
  { title: 'p50', numeric: true, cell: ({ p50Seconds }) => seconds(p50Seconds) },
  { title: 'p99', numeric: true, cell: ({ p99Seconds }) => seconds(p99Seconds) },
  { title: 'tokens out', numeric: true, cell: ({ outputTokensPerSecond }) => rate(outputTokensPerSecond) },
];

const nodeColumns: readonly ViewColumn<NodeStatistics>[] = [
  { title: 'slowest nodes', cell: ({ node }) => plain(node) },
  { title: 'mean', numeric: true, cell: ({ meanSeconds }) => seconds(meanSeconds) },
  { title: 'p95', numeric: true, cell: ({ p95Seconds }) => seconds(p95Seconds) },
  { title: 'executions', numeric: true, cell: ({ perSecond }) => rate(perSecond) },
  { title: 'errors', numeric: true, cell: ({ errorPercent }) => share(errorPercent) },
  { title: 'graph', cell: ({ graph }) => plain(graph) },
];

const maximumRows = 10;

function section<Row>(all: readonly ViewColumn<Row>[], rows: readonly Row[], columns: number): readonly ViewLine[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, maximumRows);
  for (let count = all.length; ; count--) {
    const kept = all.slice(0, count);
    const lines = table(
      kept,
      shown.map((row) => kept.map(({ cell }) => cell(row))),
    ).split('\n');
    if (count > 1 && Math.max(...lines.map(({ length }) => length)) > columns) continue;
    return [{ text: '' }, ...lines.map((text, index): ViewLine => (index === 0 ? { text, tone: 'bold' } : { text }))];
  }
}

/** Joins facts to lines of at most `columns` characters. */
function wrapped(facts: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + fact.length <= columns) {
      lines[lines.length - 1] = last + gap + fact;
    } else lines.push(fact);
  }
  return lines;
}

function rate(perSecond: number | null): string {
  if (perSecond === null) return noValue;
  return `${perSecond >= 100 ? perSecond.toFixed(0) : Number(perSecond.toPrecision(2))}/s`;
}

function share(percent: number | null): string {
  return percent === null ? noValue : `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

function seconds(value: number | null): string {
  return value === null ? noValue : readableSeconds(value);
}

/** Shortens a label, and replaces control characters, which could control the terminal. */
function plain(label: string): string {
  return cut(printable(label), 40);
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

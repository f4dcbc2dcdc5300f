import { readableSeconds } from '../../executor/trace-table.js';
import { table } from '../../terminal/table.js';
import type { ModelFigures, NodeFigures, TopFigures } from './figures.js';

/** How a line is to look where there is colour. */
export type Tone = 'bold' | 'red' | 'yellow';

/** A line of the view. */
export interface ViewLine {
  readonly text: string;
  readonly tone?: Tone;
}

/** What is to be shown. */
export interface TopState {
  readonly url: string;
  /** The time of day of the last try. */
  readonly time: string;
  /** Of the last reading; undefined before there was any. */
  readonly figures: TopFigures | undefined;
  /** What is wrong with the endpoint now, if anything, and since how many seconds. */
  readonly problem?: { readonly message: string; readonly seconds: number } | undefined;
}

/** How much room there is, in characters; without it any number. */
export interface Room {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

const nothing = '-';
const gap = '   ';

/** Lays out the numbers in the room there is: what does not fit goes, the least important first. */
export function topView({ url, time, figures, problem }: TopState, room: Room = {}): readonly ViewLine[] {
  const { columns = Number.POSITIVE_INFINITY, rows = Number.POSITIVE_INFINITY } = room;
  const lines: ViewLine[] = [{ text: `tinyllm top   ${time}   ${url}`, tone: 'bold' }];
  if (problem !== undefined) {
    const since = figures === undefined ? '' : `, for ${Math.round(problem.seconds)} s; what follows is from before`;
    lines.push({ text: `It ${problem.message.replace(/\.$/, '')}${since}.`, tone: 'red' });
  }
  if (figures !== undefined) {
    if (!figures.hasTraffic) lines.push({ text: 'no traffic yet' });
    else if (figures.windowSeconds === 0) lines.push({ text: 'rates come with the next reading' });
    lines.push(...summary(figures, columns));
    lines.push(...section(modelColumns, figures.models, columns));
    lines.push(...section(nodeColumns, figures.nodes, columns));
  }
  return lines.slice(0, rows).map((line) => ({ ...line, text: cut(line.text, columns) }));
}

function summary(figures: TopFigures, columns: number): readonly ViewLine[] {
  const { queue, windowSeconds } = figures;
  const over = windowSeconds === 0 ? '' : ` over ${Math.round(windowSeconds)} s`;
  const facts = [
    `requests ${rate(figures.requestsPerSecond)}${over}`,
    `active ${figures.active}`,
    `errors ${share(figures.errorPercent)}`,
    `p50 ${seconds(figures.p50Seconds)}`,
    `p95 ${seconds(figures.p95Seconds)}`,
    `p99 ${seconds(figures.p99Seconds)}`,
    `tokens in ${rate(figures.inputTokensPerSecond)}, out ${rate(figures.outputTokensPerSecond)}`,
    `cache hits ${share(figures.cacheHitPercent)}`,
    ...(queue === null
      ? []
      : [
          `queue ${queue.waiting} of ${queue.capacity}`,
          `workers ${queue.busyWorkers}`,
          `turned away ${rate(queue.rejectedPerSecond)}`,
        ]),
  ];
  return [...wrapped(facts, Math.min(columns, 100)).map((text) => ({ text })), ...breakerLines(figures.models)];
}

function breakerLines(models: readonly ModelFigures[]): readonly ViewLine[] {
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

/** The ones to the right go first where there is no room. */
const modelColumns: readonly ViewColumn<ModelFigures>[] = [
  { title: 'model', cell: ({ model }) => plain(model) },
  { title: 'requests', numeric: true, cell: ({ requestsPerSecond }) => rate(requestsPerSecond) },
  { title: 'errors', numeric: true, cell: ({ errorPercent }) => share(errorPercent) },
  { title: 'p95', numeric: true, cell: ({ p95Seconds }) => seconds(p95Seconds) },
  { title: 'breaker', cell: ({ breaker }) => breaker ?? nothing },
  { title: 'active', numeric: true, cell: ({ active }) => String(active) },
  { title: 'p50', numeric: true, cell: ({ p50Seconds }) => seconds(p50Seconds) },
  { title: 'p99', numeric: true, cell: ({ p99Seconds }) => seconds(p99Seconds) },
  { title: 'tokens out', numeric: true, cell: ({ outputTokensPerSecond }) => rate(outputTokensPerSecond) },
];

const nodeColumns: readonly ViewColumn<NodeFigures>[] = [
  { title: 'slowest nodes', cell: ({ node }) => plain(node) },
  { title: 'mean', numeric: true, cell: ({ meanSeconds }) => seconds(meanSeconds) },
  { title: 'p95', numeric: true, cell: ({ p95Seconds }) => seconds(p95Seconds) },
  { title: 'executions', numeric: true, cell: ({ perSecond }) => rate(perSecond) },
  { title: 'errors', numeric: true, cell: ({ errorPercent }) => share(errorPercent) },
  { title: 'graph', cell: ({ graph }) => plain(graph) },
];

const longestSection = 10;

function section<Row>(all: readonly ViewColumn<Row>[], rows: readonly Row[], columns: number): readonly ViewLine[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, longestSection);
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

/** Puts as many facts on a line as fit. */
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
  if (perSecond === null) return nothing;
  return `${perSecond >= 100 ? perSecond.toFixed(0) : Number(perSecond.toPrecision(2))}/s`;
}

function share(percent: number | null): string {
  return percent === null ? nothing : `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

function seconds(value: number | null): string {
  return value === null ? nothing : readableSeconds(value);
}

/** A label may hold anything, also what steers a terminal. */
function plain(label: string): string {
  return cut(label.replace(/\p{C}/gu, '�'), 40);
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

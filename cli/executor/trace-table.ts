import type { NodeTrace } from '@tinyllm/executor';
import { table } from '../terminal/table.js';

/** The maximum length of a note in characters. The full text of a failure is in its error. */
const noteLength = 60;

const columns = [
  { title: 'node' },
  { title: 'kind' },
  { title: 'time', numeric: true },
  { title: 'tokens in', numeric: true },
  { title: 'tokens out', numeric: true },
  { title: 'note' },
] as const;

/**
 * Formats the executed nodes of a run as a table, with times and tokens. Token counts that the provider did not report
 * are `-`.
 *
 * Nodes inside another node follow it, indented: `branch/node`, `round 2/node`.
 */
export function traceTable(trace: readonly NodeTrace[]): string {
  return table(columns, rowsOf(trace));
}

/** Formats a duration with at most three significant digits below 1,000 s: `0.42 ms`, `12.3 ms`, `1.23 s`, `95 s`. */
export function readableSeconds(seconds: number): string {
  const [value, unit] = seconds < 1 ? [seconds * 1000, 'ms'] : [seconds, 's'];
  return `${value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3))} ${unit}`;
}

function rowsOf(trace: readonly NodeTrace[], indent = '', part = ''): readonly (readonly string[])[] {
  return trace.flatMap((executed) => [
    cells({ ...executed, node: `${indent}${part}${executed.node}` }),
    ...(executed.parts ?? []).flatMap(({ name, trace: inner }) => rowsOf(inner, `${indent}  `, `${name}/`)),
  ]);
}

function cells({ node, kind, seconds, inputTokens, outputTokens, note, error }: NodeTrace): readonly string[] {
  const remark = error === undefined ? (note ?? '') : `failed: ${error}`;
  return [
    node,
    kind,
    readableSeconds(seconds),
    String(inputTokens ?? '-'),
    String(outputTokens ?? '-'),
    shortened(remark.replace(/\s+/g, ' ')),
  ];
}

function shortened(text: string): string {
  return text.length > noteLength ? `${text.slice(0, noteLength - 1)}…` : text;
}

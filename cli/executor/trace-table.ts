import type { NodeTrace } from '@tinyllm/executor';
import { table } from '../terminal/table.js';

/** The longest note, in characters; what is cut off of a failure stands in its error. */
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
 * The nodes a run passed as a table, a line each, with times and tokens; what a provider does not say is `-`.
 *
 * What a node ran itself stands below it, further in: `branch/node`, `round 2/node`.
 */
export function traceTable(trace: readonly NodeTrace[]): string {
  return table(columns, rowsOf(trace));
}

/** Seconds as people read them: `0.42 ms`, `12.3 ms`, `1.23 s`, `95 s`. */
export function readableSeconds(seconds: number): string {
  const [value, unit] = seconds < 1 ? [seconds * 1000, 'ms'] : [seconds, 's'];
  return `${value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3))} ${unit}`;
}

function rowsOf(trace: readonly NodeTrace[], indent = '', part = ''): readonly (readonly string[])[] {
  return trace.flatMap((passed) => [
    cells({ ...passed, node: `${indent}${part}${passed.node}` }),
    ...(passed.parts ?? []).flatMap(({ name, trace: inner }) => rowsOf(inner, `${indent}  `, `${name}/`)),
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

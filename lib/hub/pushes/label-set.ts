import { escapeLabelValue } from 'tinyllm/server';

/** A label and its value. */
export type Label = readonly [name: string, value: string];

/** The labels of one series. */
export interface LabelSet {
  /** The labels as `a="1",b="2"`, in the given order. */
  readonly text: string;
  /** The labels sorted by name. Equal keys mean the same series. */
  readonly key: string;
}

/** Creates a label set from labels with distinct names. A label with an empty value is left out. */
export function labelSet(labels: readonly Label[]): LabelSet {
  const parts: string[] = [];
  let previous = '';
  let isSorted = true;
  for (const [name, value] of labels) {
    if (value === '') continue;
    if (name < previous) isSorted = false;
    previous = name;
    parts.push(`${name}="${escapeLabelValue(value)}"`);
  }
  const text = parts.join(',');
  return { text, key: isSorted ? text : labelSet([...labels].sort(([a], [b]) => (a < b ? -1 : 1))).text };
}

/** The result of {@link readLabels}. */
export interface ReadLabels {
  readonly labels: readonly Label[];
  /** The index of the closing brace, or the length of the text. */
  readonly end: number;
}

const BEFORE_VALUE = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"/y;
const AFTER_VALUE = /[ \t]*(,[ \t]*|(?=\})|$)/y;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

/** Parses `a="1",b="2"` from an index in a line. A trailing comma is allowed. Returns `undefined` if malformed. */
export function readLabels(line: string, start = 0): ReadLabels | undefined {
  const labels: Label[] = [];
  let end = start;
  while (end < line.length && line[end] !== '}') {
    BEFORE_VALUE.lastIndex = end;
    const name = BEFORE_VALUE.exec(line)?.[1];
    if (name === undefined) return undefined;
    const value = readValue(line, BEFORE_VALUE.lastIndex);
    if (value === undefined) return undefined;
    labels.push([name, value.text]);
    AFTER_VALUE.lastIndex = value.end;
    if (!AFTER_VALUE.test(line)) return undefined;
    end = AFTER_VALUE.lastIndex;
  }
  return { labels, end };
}

/** Reads a quoted value. `end` is the index after the closing quote. */
function readValue(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  for (let index = start; index < line.length; index += 1) {
    const character = line[index];
    if (character === '"') return { text, end: index + 1 };
    if (character === '\\') {
      index += 1;
      const escaped = ESCAPED[line[index] ?? ''];
      if (escaped === undefined) return undefined;
      text += escaped;
    } else text += character;
  }
  return undefined;
}

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

/** A name is not in quotes if it was registered in this process, even with characters that need them. */
const NAME = /([^"=]+)="/y;
const AFTER_QUOTED_NAME = /="/y;
const AFTER_VALUE = /[ \t]*(,[ \t]*|(?=\})|$)/y;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

/**
 * Parses `a="1",b="2"` from an index in a line. A name can be in quotes, with the escapes of a value. A trailing comma
 * is allowed. Returns `undefined` if malformed.
 */
export function readLabels(line: string, start = 0): ReadLabels | undefined {
  const labels: Label[] = [];
  let end = start;
  while (end < line.length && line[end] !== '}') {
    const name = readName(line, end);
    const value = name && readValue(line, name.end);
    if (value === undefined) return undefined;
    labels.push([name!.text, value.text]);
    AFTER_VALUE.lastIndex = value.end;
    if (!AFTER_VALUE.test(line)) return undefined;
    end = AFTER_VALUE.lastIndex;
  }
  return { labels, end };
}

/** Reads a name. `end` is the index after the opening quote of the value. */
function readName(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const quoted = line[start] === '"' ? readValue(line, start + 1) : undefined;
  const pattern = quoted === undefined ? NAME : AFTER_QUOTED_NAME;
  pattern.lastIndex = quoted?.end ?? start;
  const match = pattern.exec(line);
  return match === null ? undefined : { text: quoted?.text ?? match[1]!, end: pattern.lastIndex };
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

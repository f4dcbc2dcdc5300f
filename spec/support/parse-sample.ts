/** One sample line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric's name, as a pattern. */
export const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,(?=.)|$)/sy;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** A number as both formats spell it. */
export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : SPECIAL[text];
}

/** Labels from between their braces; `undefined` when something is wrong with them. */
export function parseLabels(text: string): Record<string, string> | undefined {
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  for (let end = 0; end < text.length; end = LABEL.lastIndex) {
    const [, name, value = ''] = LABEL.exec(text) ?? [];
    if (name === undefined || labels.has(name)) return undefined;
    labels.set(name, unescapeText(value));
  }
  return Object.fromEntries(labels);
}

/** Text as it was before it was escaped. */
export function unescapeText(text: string): string {
  return !text.includes('\\')
    ? text
    : text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** What tells series apart: name and labels, in any order, a label without a value being none. */
export function seriesKey({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  const given = Object.keys(labels).filter((label) => labels[label] !== '');
  return given.sort().reduce((key, label) => `${key},${label}=${JSON.stringify(labels[label])}`, name);
}

/** One sample line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The pattern of a metric name. */
export const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,(?=.)|$)/sy;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** Parses a number in the syntax of both formats. Returns undefined if it is invalid. */
export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : SPECIAL[text];
}

/** Parses the text between the braces of a sample. Returns undefined if it is invalid. */
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

/** Reverses the escaping of a label value or help text. */
export function unescapeText(text: string): string {
  return !text.includes('\\')
    ? text
    : text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** The identity of a series: its name and labels. The order of labels doesn't matter, and empty labels are ignored. */
export function seriesKey({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  const present = Object.keys(labels).filter((label) => labels[label] !== '');
  return present.sort().reduce((key, label) => `${key},${label}=${JSON.stringify(labels[label])}`, name);
}

/** A fenced code block of a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  /** What follows the language on the fence: the sample the code is taken from. */
  readonly source: string;
  readonly code: string;
}

/** The fenced code blocks of a Markdown document, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const fences = markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, language = '', source = '', code = '']) => ({ language, source, code }));
}

const GENERATED = /(<!-- metrics: .*-->\n)[\s\S]*?(\n<!-- \/metrics -->)/;

/** The document with the table of metrics between its two markers replaced. */
export function withMetricsTable(markdown: string, table: string): string {
  if (!GENERATED.test(markdown)) throw new Error('The document has no <!-- metrics: … --> … <!-- /metrics -->.');
  return markdown.replace(GENERATED, (_all, begin: string, end: string) => `${begin}\n${table}\n${end}`);
}

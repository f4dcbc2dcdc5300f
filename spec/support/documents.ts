import { readdirSync } from 'node:fs';

/** The documents for users: the README, SECURITY.md, the README of the samples, and the files directly in `docs/`. */
export function documentFiles(): readonly string[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', 'SECURITY.md', 'samples/README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

/** A fenced code block of a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  /** The text after the language on the fence: the sample that contains the code. */
  readonly source: string;
  readonly code: string;
}

/** The fenced code blocks of a Markdown document, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const fences = markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, language = '', source = '', code = '']) => ({ language, source, code }));
}

/** The commands of a document's shell blocks. Continued lines are joined. */
export function shellCommands(markdown: string): readonly string[] {
  return codeBlocks(markdown)
    .filter(({ language }) => language === 'bash')
    .flatMap(({ code }) => code.replaceAll(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line !== '');
}

/** Replaces the text between the markers `<!-- name: … -->` and `<!-- /name -->` of a document. */
export function withGenerated(markdown: string, name: string, text: string): string {
  const place = new RegExp(`(<!-- ${name}: .*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!place.test(markdown))
    throw new Error(`The document lacks the markers <!-- ${name}: … --> and <!-- /${name} -->.`);
  return markdown.replace(place, (_all, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
}

/** A Markdown table with aligned columns, as Biome formats it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = [head, ...body].map((row) => line(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  return [padded[0], line(widths.map((width) => '-'.repeat(width))), ...padded.slice(1)].join('\n');
}

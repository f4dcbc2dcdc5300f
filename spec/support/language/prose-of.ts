import ts from 'typescript';
import { nodesOf, parseSource } from '../source-file.js';

/** String literals with fewer characters are names or parts of sentences. */
const SHORTEST_TEXT = 25;

/**
 * The prose of a file, one paragraph per line: of Markdown its text without code, of code its comments and long strings.
 *
 * Code in backticks is replaced by one backtick, so that names do not count.
 */
export function proseOf(path: string, text: string): string {
  const prose = path.endsWith('.md') ? markdownProse(text) : sourceProse(path, text);
  return prose
    .replaceAll(/`[^`\n]*`/g, '`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/[ \t]+/g, ' ');
}

/** How many words a text has. */
export function wordsOf(prose: string): number {
  return prose.split(/\s+/).filter((word) => /\w/.test(word)).length;
}

function markdownProse(text: string): string {
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, '\n')
    .replaceAll(/<!--[\s\S]*?-->/g, '\n')
    .replaceAll(/^[ \t]*(?:[-*#>|]+|\d+\.)[ \t]*/gm, '\n')
    .replaceAll(/[ \t]*\|[ \t]*/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll('\n', ' ').trim())
    .join('\n');
}

function sourceProse(path: string, text: string): string {
  const { tree } = parseSource(path, text);
  const strings: string[] = [];
  let code = '';
  let copied = 0;
  for (const node of nodesOf(tree)) {
    if (ts.isTemplateExpression(node)) {
      strings.push([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('`'));
      continue;
    }
    if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) strings.push(node.text);
    else if (!ts.isTemplateLiteralToken(node) && !ts.isRegularExpressionLiteral(node)) continue;
    // The text of a literal can't be a comment.
    code += `${text.slice(copied, node.getStart(tree))}""`;
    copied = node.end;
  }
  code += text.slice(copied);
  const sentences = strings.filter((string) => string.length >= SHORTEST_TEXT && /\w \w/.test(string));
  return [...commentsOf(code), ...sentences].map((one) => one.replaceAll(/\s+/g, ' ').trim()).join('\n');
}

/** The comments of code without literals. Adjacent line comments are one comment. */
function commentsOf(code: string): string[] {
  const comments: { readonly end: number; readonly text: string }[] = [];
  for (const { index, 0: written } of code.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)) {
    if (/^\/[/*]\s*(?:biome-|@ts-)/.test(written)) continue;
    const isBlock = written.startsWith('/*');
    const text = isBlock ? written.replaceAll(/^\/\*\*?|\*\/$|^\s*\*/gm, '') : written.slice(2);
    const last = comments.at(-1);
    const isContinued = !isBlock && last !== undefined && /^\n[ \t]*$/.test(code.slice(last.end, index));
    if (isContinued) comments.pop();
    comments.push({ end: index + written.length, text: isContinued ? `${last.text} ${text}` : text });
  }
  return comments.map(({ text }) => text);
}

import { Lexer, LineCounter, Parser } from 'yaml';

/** Far more nested parts than a file has that people write, far fewer than exhaust the stack. */
export const maxDepth = 64;

/**
 * Where a YAML text begins to nest deeper than `maxDepth` parts; undefined when it never does.
 *
 * To be asked before the text is parsed: that recurses, and an exhausted stack can end the whole process.
 */
export function tooDeepAt(text: string): { readonly line: number; readonly column: number } | undefined {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    // The step is taken by draining it; whole documents, which it would hand out, are of no interest here.
    for (const _document of parser.next(lexeme));
    if (parser.stack.length <= maxDepth) continue;
    const { line, col } = lines.linePos(parser.offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
  return undefined;
}

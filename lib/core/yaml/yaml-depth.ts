import { Lexer, LineCounter, Parser } from 'yaml';

/** The maximum nesting depth: far more than hand-written files need, and far less than the stack allows. */
export const maxDepth = 64;

/**
 * Finds the position at which a YAML text exceeds `maxDepth` nested levels; `undefined` if it does not.
 *
 * Call it before composing a document from the text. Composing is recursive, and an exhausted stack can end the process.
 */
export function tooDeepAt(text: string): { readonly line: number; readonly column: number } | undefined {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    // Iterate to run the parser step. The yielded documents are not needed.
    for (const _document of parser.next(lexeme));
    if (parser.stack.length <= maxDepth) continue;
    const { line, col } = lines.linePos(parser.offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
  return undefined;
}

import { expect } from 'chai';
import { GraphError } from '../../lib/executor/errors/graph-errors.js';
import { parseGraph } from '../../lib/executor/graph/parse-graph.js';

/**
 * Parses an invalid graph file, checks that the error names the position marked with `▸`, and returns the message of
 * the error.
 */
export function graphErrorMessage(marked: string): string {
  const offset = marked.indexOf('▸');
  if (offset === -1) throw new Error('The text has no ▸. Mark the expected position of the error with ▸.');
  const before = marked.slice(0, offset).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  try {
    parseGraph(marked.replace('▸', ''), { file: 'g.yaml' });
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { message } = error;
    expect(`${error.line}:${error.column} (${message})`).to.equal(`${line}:${column} (${message})`);
    expect(error.file).to.equal('g.yaml');
    expect(message.startsWith(`g.yaml:${line}:${column}: `), message).to.equal(true);
    expect(message).not.to.include('\n');
    return message;
  }
  throw new Error('The graph is valid; expected a GraphError.');
}

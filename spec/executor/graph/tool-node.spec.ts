import { expect } from 'chai';
import { ToolError } from '../../../lib/executor/errors/graph-errors.js';
import { ToolNode } from '../../../lib/executor/graph/tool-node.js';
import type { Tool } from '../../../lib/executor/graph/tools/tool.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { StubModel } from '../../support/stub-model.js';

const message = { question: 'q', results: new Map([['earlier', 'x']]), answer: 'x' };

async function run(tool: Tool['run'], signal?: AbortSignal) {
  const context = { graph: 'g', model: new StubModel(), ...(signal === undefined ? {} : { signal }) };
  return new ToolNode('t', { name: 'stub', run: tool }).execute(message, context);
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('ToolNode', () => {
  it('passes on the result of its tool', async () => {
    const outcome = await run(async (question) => `found ${question}`);
    expect(outcome.message.answer).to.equal('found q');
    expect([...outcome.message.results]).to.deep.equal([
      ['earlier', 'x'],
      ['t', 'found q'],
    ]);
    expect(outcome.note).to.equal('found q');
  });

  it('continues without a result if its tool finds nothing', async () => {
    const outcome = await run(async () => undefined);
    expect(outcome.message).to.equal(message);
    expect(outcome.note).to.equal('nothing found');
  });

  it('prepares its tool, if the tool supports it', async () => {
    let loaded = 0;
    const tool = { name: 'stub', run: async () => undefined };
    await new ToolNode('t', tool).prepare();
    await new ToolNode('t', { ...tool, prepare: async () => loaded++ }).prepare();
    expect(loaded).to.equal(1);
  });

  it('names the tool and the node when the tool fails, and keeps the cause', async () => {
    const cause = new RangeError('too big');
    const error = await failure(run(() => Promise.reject(cause)));
    expect(error).to.be.instanceOf(ToolError);
    expect(error).to.have.property('message', 'The tool stub failed at t: too big');
    expect(error).to.have.property('cause', cause);
  });

  it('throws aborts and errors of TinyLLM unchanged', async () => {
    const reason = new DOMException('stop', 'AbortError');
    expect(await failure(run(() => Promise.reject(reason), AbortSignal.abort(reason)))).to.equal(reason);
    const own = new ToolError('as it is');
    expect(await failure(run(() => Promise.reject(own)))).to.equal(own);
  });

  it('is rejected with an unknown tool', () => {
    const text = (tool: string) => `name: a\nnodes: { t: { kind: tool, ${tool} } }\nedges: []`;
    expect(graphErrorMessage(text('tool: ▸calculater'))).to.match(
      /nodes\.t\.tool is "calculater"; expected calculator\. Did you mean "calculator"\?/,
    );
    expect(graphErrorMessage(text('').replace('t:', '▸t:'))).to.match(
      /nodes\.t\.tool is missing; expected calculator\./,
    );
  });
});

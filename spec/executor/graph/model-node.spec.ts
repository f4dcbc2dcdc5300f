import { expect } from 'chai';
import { ModelNode } from '../../../lib/executor/graph/model-node.js';
import type { Message, NodeContext } from '../../../lib/executor/graph/node.js';
import { promptTemplateSchema } from '../../../lib/executor/graph/prompt-template.js';
import { CachedClient } from '../../../lib/executor/models/cached-client.js';
import type { ModelResponse } from '../../../lib/executor/models/model-client.js';
import { ResponseCache } from '../../../lib/executor/stores/response-cache.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { StubModel } from '../../support/stub-model.js';

const template = (text: string) => promptTemplateSchema.parse(text);

function asked(results: Readonly<Record<string, string>> = {}): Message {
  return { question: 'What is 2+2?', results: new Map(Object.entries(results)), answer: undefined };
}

function context(model: StubModel, more: Partial<NodeContext> = {}): NodeContext {
  return { graph: 'g', model, ...more };
}

describe('ModelNode', () => {
  it('sends only the question if there is nothing to add', async () => {
    const model = new StubModel();
    await new ModelNode('m').execute(asked(), context(model));
    expect(model.requests).to.deep.equal([{ prompt: 'What is 2+2?', graph: 'g' }]);
  });

  it('sends instructions and results as the system text, the question as the prompt', async () => {
    const model = new StubModel();
    const node = new ModelNode('m', { system: template('Be brief.\n') });
    await node.execute(asked({ calculator: '4', lookup: 'four' }), context(model));
    expect(model.requests[0]).to.deep.equal({
      prompt: 'What is 2+2?',
      system: 'Be brief.\n\nFound so far:\n- calculator: 4\n- lookup: four',
      graph: 'g',
    });
  });

  it('appends leading system messages to its system text, and sends later system messages as turns', async () => {
    const model = new StubModel();
    const own = { role: 'system', content: 'Speak Latin.' } as const;
    const turns = [
      { role: 'user', content: 'Hello.' },
      { role: 'system', content: 'Ada has joined.' },
    ] as const;
    const node = new ModelNode('m', { system: template('Be brief.') });
    await node.execute(asked(), context(model, { history: [own, ...turns] }));
    expect(model.requests[0]).to.deep.include({ system: 'Be brief.\n\nSpeak Latin.', history: turns });
  });

  it('sends earlier turns to its model, and notes a cached answer in the trace', async () => {
    const model = new StubModel();
    const client = new CachedClient(model, { cache: new ResponseCache() });
    const history = [{ role: 'user', content: 'Hello.' }] as const;
    const more: Partial<NodeContext> = { model: client, history };
    const first = await new ModelNode('m').execute(asked(), context(model, more));
    expect(model.requests[0]).to.deep.include({ prompt: 'What is 2+2?', history });
    expect(first).not.to.have.property('note');
    for (const streaming of [{}, { onText: () => undefined }]) {
      const again = await new ModelNode('m').execute(asked(), context(model, { ...more, ...streaming }));
      expect(again.note).to.equal('cached: memory');
      expect(again.usage).to.deep.equal({ inputTokens: 0, outputTokens: 0 });
    }
  });

  it('does not repeat a result that a template places', async () => {
    const model = new StubModel();
    const node = new ModelNode('m', {
      system: template('It is {{results.calculator}}.'),
      prompt: template('Q: {{question}}'),
    });
    await node.execute(asked({ calculator: '4' }), context(model));
    expect(model.requests[0]).to.include({ prompt: 'Q: What is 2+2?', system: 'It is 4.' });
  });

  it('returns the answer as its result and as the current answer, and does not change its message', async () => {
    const message = asked({ calculator: '4' });
    const outcome = await new ModelNode('m').execute(message, context(new StubModel(() => 'Four.')));
    expect(outcome.message.answer).to.equal('Four.');
    expect([...outcome.message.results]).to.deep.equal([
      ['calculator', '4'],
      ['m', 'Four.'],
    ]);
    expect(outcome.usage).to.deep.equal({ inputTokens: 7, outputTokens: 3 });
    expect(outcome.note).to.equal(undefined);
    expect([...message.results.keys()]).to.deep.equal(['calculator']);
  });

  it('streams if there is a listener', async () => {
    const model = new StubModel(() => 'one two three');
    const pieces: string[] = [];
    const outcome = await new ModelNode('m').execute(asked(), context(model, { onText: (text) => pieces.push(text) }));
    expect(pieces).to.deep.equal(['one ', 'two ', 'three']);
    expect(outcome.message.answer).to.equal('one two three');
    expect(outcome.usage).to.deep.equal({ inputTokens: 7, outputTokens: 3 });
    expect(model.requests).to.deep.equal([]);
  });

  for (const prompt of ['', ' ', '\\n']) {
    it(`is rejected with the prompt "${prompt}"`, () => {
      const text = `name: a\nnodes: { m: { kind: model, prompt: ▸"${prompt}" } }\nedges: []`;
      expect(graphErrorMessage(text)).to.match(
        /nodes\.m\.prompt is ".*"; expected a text; remove `prompt` to send the unchanged question/,
      );
    });
  }

  it('passes the signal to the model', async () => {
    const model = new StubModel();
    const { signal } = new AbortController();
    await new ModelNode('m').execute(asked(), context(model, { signal }));
    expect(model.requests[0]?.signal).to.equal(signal);
  });

  it('notes a finish reason other than stop', async () => {
    class CutShort extends StubModel {
      override async generate(): Promise<ModelResponse> {
        return { text: 'One', model: 'm', finishReason: 'length', usage: {}, timings: {} };
      }
    }
    const outcome = await new ModelNode('m').execute(asked(), context(new CutShort()));
    expect(outcome.note).to.equal('finished: length');
  });
});

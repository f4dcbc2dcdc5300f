import { expect } from 'chai';
import fc from 'fast-check';
import { ollama } from '../../../lib/core/providers/ollama.js';
import { openaiChat } from '../../../lib/core/providers/openai-chat.js';
import { readResponse } from '../../../lib/core/providers/read-response.js';
import { tokenCounts } from '../../../lib/core/providers/token-usage.js';
import { anyResponse } from '../../support/reader-cases.js';

const chat = {
  choices: [{ message: { content: 'Four' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 34, completion_time: 0.5 },
};

describe('readResponse', () => {
  it('reads a response with the reader for its shape', () => {
    const { usage, ...rest } = readResponse(chat);
    expect(usage).to.deep.include({ inputTokens: 12, outputTokens: 34 });
    expect(rest).to.deep.equal({
      ...{ finishReason: 'stop', timings: { outputSeconds: 0.5 }, errorType: undefined, isUnread: false },
    });
  });

  it('reads a response with the given reader', () => {
    expect(readResponse({ ...chat, eval_count: 3 }, ollama).usage).to.deep.include({ outputTokens: 3 });
    expect(readResponse(chat, ollama)).to.deep.include({ usage: undefined, finishReason: undefined });
  });

  it('returns an empty reading for values without fields', () => {
    for (const value of [undefined, null, 'text', 7]) expect(readResponse(value)).to.deep.equal({});
  });

  it('reads a stated error, and a finish reason that means an error', () => {
    expect(readResponse({ error: { message: 'no' } }).errorType).to.equal('ModelProtocolError');
    expect(readResponse({ finishReason: 'error' }).errorType).to.equal('ModelServerError');
    expect(readResponse({ finishReason: 'stop' }).errorType).to.equal(undefined);
  });

  const unread: readonly (readonly [name: string, response: object])[] = [
    ['an object of an unknown shape', { piece: 'Four' }],
    ['an unknown usage object', { usage: { words: 7 } }],
    ['an unknown usage object of a known provider', { choices: [], usage: { words: 7 } }],
    ['an unknown usage object with a finish reason', { usage: { words: 7 }, finishReason: 'stop' }],
    ['an unknown usage object next to vectors', { embeddings: [[1]], usage: { words: 7 } }],
  ];
  for (const [name, response] of unread) {
    it(`is not understood: ${name}`, () => expect(readResponse(response).isUnread).to.equal(true));
  }

  const understood: readonly (readonly [name: string, response: object])[] = [
    ['usage', { usage: { inputTokens: 1 } }],
    ['a known provider without usage', { done: true }],
    ['only a finish reason', { finishReason: 'stop' }],
    ['only timings', { timings: { outputSeconds: 1 } }],
    ['vectors, which need no usage', { embeddings: [[1]] }],
    ['a list of the application', ['Four']],
  ];
  for (const [name, response] of understood) {
    it(`is understood: ${name}`, () => expect(readResponse(response).isUnread).to.equal(false));
  }

  it('with a given reader, only facts that the reader finds count as understood', () => {
    expect(readResponse({ piece: 'Four' }, openaiChat).isUnread).to.equal(true);
    expect(readResponse({ choices: [] }, openaiChat).isUnread).to.equal(true);
    expect(readResponse({ choices: [{ finish_reason: 'stop' }] }, openaiChat).isUnread).to.equal(false);
    expect(readResponse({ eval_duration: 1e9 }, ollama).isUnread).to.equal(false);
  });

  it('never throws and never returns an impossible count, for any object', () => {
    fc.assert(
      fc.property(fc.oneof(anyResponse, fc.object(), fc.anything()), (response) => {
        const { usage, isUnread } = readResponse(response);
        for (const name of tokenCounts)
          expect(usage?.[name] ?? 0)
            .to.be.at.least(0)
            .and.below(Number.POSITIVE_INFINITY);
        if (usage !== undefined) expect(isUnread).to.equal(false);
      }),
    );
  });

  it('reads the usage of one provider in a result with a field of another', () => {
    const names = [
      { inputTokens: 3, outputTokens: 4 },
      { prompt_tokens: 3, completion_tokens: 4 },
      { input_tokens: 3, output_tokens: 4 },
    ];
    const fields = [
      ...[
        { done: true },
        { type: 'text' },
        { type: 'finish' },
        { type: 'message', role: 'assistant' },
        { choices: [] },
      ],
      ...[{ candidates: [1] }, { generations: [] }, { object: 'response' }, { totalUsage: {} }, { eval_count: 9 }],
    ];
    for (const usage of names) {
      for (const field of fields) {
        const { inputTokens, outputTokens } = readResponse({ text: 'Four.', ...field, usage }).usage ?? {};
        expect([inputTokens, outputTokens], JSON.stringify({ ...field, usage })).to.deep.equal([3, 4]);
      }
    }
  });

  it('finds no error in a result that has other fields besides `error`', () => {
    expect(readResponse({ error: { message: 'partial' }, answer: 'x' }).errorType).to.equal(undefined);
    expect(readResponse({ type: 'error', text: 'x' }).errorType).to.equal(undefined);
    expect(readResponse({ error: { message: 'overloaded' } }).errorType).to.equal('ModelProtocolError');
  });
});

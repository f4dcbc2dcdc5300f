import { expect } from 'chai';
import fc from 'fast-check';
import { anthropic } from '../../../lib/core/providers/anthropic.js';
import { ollama } from '../../../lib/core/providers/ollama.js';
import { openaiChat } from '../../../lib/core/providers/openai-chat.js';
import { StreamedResponse, type StreamedResponseOptions } from '../../../lib/core/providers/streamed-response.js';
import { tokenCounts } from '../../../lib/core/providers/token-usage.js';
import { anyResponse } from '../../support/reader-cases.js';

function responseOf(chunks: readonly unknown[], options?: StreamedResponseOptions): StreamedResponse {
  const response = new StreamedResponse(options);
  for (const chunk of chunks) response.add(chunk);
  return response;
}

const choice = (index: number, reason: string | null = null, delta: object = {}) => ({
  choices: [{ index, delta, finish_reason: reason }],
});
const toolCall = { tool_calls: [{ index: 0 }] };

describe('StreamedResponse', () => {
  it('is empty before the first chunk', () => {
    const { usage, finishReason, timings, errorType, thrown, isComplete, isUnread } = new StreamedResponse();
    expect([usage, finishReason, timings, errorType, thrown]).to.deep.equal(Array(5).fill(undefined));
    expect([isComplete, isUnread]).to.deep.equal([false, false]);
  });

  describe('output', () => {
    const output = [null, undefined, 7, 'Four', new Uint8Array([52]), { piece: 'Four' }, { text: 'Four' }];
    for (const chunk of output) {
      it(`finds output in ${JSON.stringify(chunk) ?? 'undefined'}`, () => {
        expect(new StreamedResponse().add(chunk)).to.equal(true);
      });
    }
    for (const chunk of ['', { text: '' }, choice(0), { type: 'ping' }]) {
      it(`finds none in ${JSON.stringify(chunk)}`, () => expect(new StreamedResponse().add(chunk)).to.equal(false));
    }
  });

  describe('counts', () => {
    it('keeps the largest of running totals, in any order', () => {
      const chunks = [
        { type: 'message_start', message: { usage: { input_tokens: 12, output_tokens: 1 } } },
        { type: 'message_delta', usage: { output_tokens: 34 } },
        { type: 'message_delta', usage: { input_tokens: 0, output_tokens: 0 } },
      ];
      const usages = [chunks, chunks.toReversed()].map((all) => responseOf(all).usage);
      for (const usage of usages) expect(usage).to.deep.include({ inputTokens: 12, outputTokens: 34 });
    });

    it('adds the counts of steps, and keeps the larger of their sum and the total', () => {
      const step = (input: number, output: number) => ({
        ...{ type: 'finish-step', usage: { inputTokens: input, outputTokens: output } },
      });
      const steps = [step(10, 1), step(20, 2)];
      expect(responseOf(steps).usage).to.deep.include({ inputTokens: 30, outputTokens: 3 });
      const end = { type: 'finish', totalUsage: { inputTokens: 31, outputTokens: 2 } };
      expect(responseOf([...steps, end]).usage).to.deep.include({ inputTokens: 31, outputTokens: 3 });
      expect(responseOf([end]).usage).to.deep.include({ inputTokens: 31, outputTokens: 2 });
    });

    it('treats the counts of a whole value as a total, not as a step', () => {
      const message = { usage_metadata: { input_tokens: 10, output_tokens: 1 } };
      const response = responseOf([message, message]);
      expect(response.usage).to.deep.include({ inputTokens: 20, outputTokens: 2 });
      response.addWhole({ usage_metadata: { input_tokens: 20, output_tokens: 5 } });
      expect(response.usage).to.deep.include({ inputTokens: 20, outputTokens: 5 });
      for (const nothing of [undefined, null, 'text', {}]) response.addWhole(nothing);
      expect(response.usage).to.deep.include({ inputTokens: 20, outputTokens: 5 });
    });

    it('keeps the counts when later chunks have none', () => {
      const { usage } = responseOf([{ done: false, eval_count: 3 }, { done: true }]);
      expect(usage).to.deep.include({ outputTokens: 3 });
    });

    it('does not depend on the order of running totals', () => {
      const totals = fc.array(fc.record({ input_tokens: fc.nat(99), output_tokens: fc.nat(99) }), { minLength: 1 });
      fc.assert(
        fc.property(totals, (usages) => {
          const chunks = usages.map((usage) => ({ type: 'message_delta', usage }));
          const { usage } = responseOf(chunks.toReversed());
          expect(usage).to.deep.equal(responseOf(chunks).usage);
          expect(usage?.outputTokens).to.equal(Math.max(...usages.map((one) => one.output_tokens)));
        }),
      );
    });
  });

  describe('the reader', () => {
    it('stays that of the first recognized chunk', () => {
      const { usage } = responseOf([
        { piece: '' },
        { type: 'ping' },
        { usage: { input_tokens: 12, output_tokens: 34 } },
      ]);
      expect(usage).to.deep.include({ inputTokens: 12, outputTokens: 34 });
      expect(responseOf([{ done: false }, { choices: [{ finish_reason: 'stop' }] }]).finishReason).to.equal(undefined);
    });

    it('is the given one', () => {
      expect(responseOf([{ choices: [], eval_count: 3 }], { reader: ollama }).usage).to.deep.include({
        outputTokens: 3,
      });
    });
  });

  describe('the end', () => {
    it('is the last reason in a chunk', () => {
      const chunks = [{ done: true, done_reason: 'length' }, { done: true }];
      const response = responseOf(chunks);
      expect([response.finishReason, response.isComplete]).to.deep.equal(['length', true]);
      response.add({ done: false });
      expect(response.isComplete).to.equal(true);
      expect(responseOf([{ finishReason: 'length' }, { finishReason: 'stop' }]).finishReason).to.equal('stop');
    });

    it('is a tool call if an earlier chunk calls a tool and the last one says "stop"', () => {
      expect(responseOf([choice(0, null, toolCall), choice(0, 'stop')]).finishReason).to.equal('tool_calls');
      expect(responseOf([choice(0, null, toolCall), choice(0), choice(0, 'length')]).finishReason).to.equal('length');
      expect(responseOf([choice(0), choice(0, 'stop')]).finishReason).to.equal('stop');
    });

    it('is reached when each choice that appeared has ended', () => {
      const response = new StreamedResponse();
      const states = [choice(0), choice(1), choice(0, 'stop'), choice(0), choice(1, 'length')].map((chunk) => {
        response.add(chunk);
        return response.isComplete;
      });
      expect(states).to.deep.equal([false, false, false, false, true]);
    });

    it('is reached when as many choices have ended as the request asked for', () => {
      expect(responseOf([choice(0, 'stop')], { choices: 2 }).isComplete).to.equal(false);
      expect(responseOf([choice(0, 'stop'), choice(1, 'stop')], { choices: 2 }).isComplete).to.equal(true);
      expect(responseOf([choice(0, 'stop'), choice(0, 'stop')], { choices: 2 }).isComplete).to.equal(false);
      expect(responseOf([{ choices: [] }]).isComplete).to.equal(false);
    });

    it('has the reason of the first choice, whichever ends first', () => {
      const ends = [choice(1, 'length'), choice(0, 'stop'), choice(2, 'content_filter')];
      expect([ends, ends.toReversed()].map((all) => responseOf(all).finishReason)).to.deep.equal(['stop', 'stop']);
      expect(responseOf([choice(0, 'stop'), choice(0, 'length')]).finishReason).to.equal('length');
    });
  });

  describe('timings', () => {
    it('are the last timings in a chunk', () => {
      const chunks = [{ done: false, eval_duration: 1e9 }, { done: true, eval_duration: 2e9 }, { done: true }];
      expect(responseOf(chunks).timings).to.deep.include({ outputSeconds: 2 });
    });
  });

  describe('errors', () => {
    it('have the first type in a chunk', () => {
      const failed = { type: 'response.failed', response: { object: 'response', status: 'failed' } };
      expect(responseOf([failed, { type: 'error' }]).errorType).to.equal('ModelServerError');
      expect(responseOf([{ type: 'response.created' }, { type: 'error' }, failed]).errorType).to.equal(
        'ModelProtocolError',
      );
    });

    it('are a server error if only the finish reason says so', () => {
      expect(responseOf([choice(0, 'error')]).errorType).to.equal('ModelServerError');
      expect(responseOf([choice(0, 'stop')]).errorType).to.equal(undefined);
    });

    it('contain the first error object', () => {
      const [first, second] = [new RangeError('first'), new RangeError('second')];
      const response = responseOf([
        { type: 'start' },
        ...[first, second].map((error) => ({ type: 'error', error })),
        { type: 'finish' },
      ]);
      expect(response.thrown).to.deep.equal({ error: first });
      expect(response.thrown?.error).to.equal(first);
      expect(responseOf([{ type: 'error', error: 'no' }]).thrown).to.equal(undefined);
    });
  });

  describe('a response is unread', () => {
    const isUnread = (chunks: readonly unknown[], options?: StreamedResponseOptions) =>
      responseOf(chunks, options).isUnread;

    it('if no chunk has a known shape', () => {
      expect(isUnread([{ piece: 'Four' }])).to.equal(true);
      expect(isUnread(['Four', null])).to.equal(false);
    });

    it('if a usage object is unknown, unless another one is known', () => {
      const unknown = { done: false, usage: { words: 7 } };
      expect(isUnread([unknown])).to.equal(true);
      expect(isUnread([unknown, { done: true, eval_count: 3 }])).to.equal(false);
    });

    it('but not if a chunk shows its provider, a reason or timings', () => {
      for (const chunk of [{ done: false }, { finishReason: 'stop' }, { timings: { outputSeconds: 1 } }]) {
        expect(isUnread([{ piece: 'Four' }, chunk]), JSON.stringify(chunk)).to.equal(false);
      }
    });

    it('with a given reader, if that finds nothing', () => {
      const options = { reader: openaiChat };
      expect(isUnread([{ choices: [] }], options)).to.equal(true);
      expect(isUnread([choice(0, null, { content: 'Four' })], options)).to.equal(false);
      expect(isUnread([choice(0, 'stop')], options)).to.equal(false);
      expect(isUnread([{ type: 'ping' }], { reader: anthropic })).to.equal(true);
    });

    it('if a whole value is unknown', () => {
      const response = new StreamedResponse();
      response.addWhole({ piece: 'Four' });
      expect(response.isUnread).to.equal(true);
      response.addWhole({ usage: { inputTokens: 1 } });
      expect(response.isUnread).to.equal(false);
    });
  });

  it('never throws and never returns an impossible count, for any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyResponse, fc.anything()), { maxLength: 6 }), (chunks) => {
        const response = responseOf(chunks);
        for (const name of tokenCounts) {
          expect(response.usage?.[name] ?? 0)
            .to.be.at.least(0)
            .and.below(Number.POSITIVE_INFINITY);
        }
        if (response.usage !== undefined) expect(response.isUnread).to.equal(false);
      }),
    );
  });

  it('ends with a chunk without choices if the prompt was blocked', () => {
    const response = new StreamedResponse();
    response.add({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 7 } });
    expect([response.finishReason, response.isComplete, response.usage?.inputTokens]).to.deep.equal(['other', true, 7]);
  });

  it('tracks 256 choices, however many a server sends', () => {
    const response = responseOf(Array.from({ length: 1_000 }, (_, index) => choice(index)));
    for (let index = 0; index < 256; index++) response.add(choice(index, 'stop'));
    expect(response.isComplete).to.equal(true);
    for (let index = 256; index < 1_000; index++) response.add(choice(index));
    expect(response.isComplete).to.equal(false);
  });
});

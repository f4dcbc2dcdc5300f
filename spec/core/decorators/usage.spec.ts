import { expect } from 'chai';
import { defaultUsage } from '../../../lib/core/decorators/usage.js';

const both = { inputTokens: 12, outputTokens: 34 };

describe('defaultUsage', () => {
  const shapes: Record<string, object> = {
    'an Ollama answer': {
      model: 'm',
      message: { role: 'assistant' },
      done: true,
      prompt_eval_count: 12,
      eval_count: 34,
    },
    'an OpenAI chat completion': { choices: [], usage: { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 } },
    'an OpenAI response': { object: 'response', usage: { input_tokens: 12, output_tokens: 34 } },
    'the last event of an OpenAI response stream': { response: { usage: { input_tokens: 12, output_tokens: 34 } } },
    'an Anthropic message': { type: 'message', usage: { input_tokens: 12, output_tokens: 34 } },
    "an Anthropic stream's first event": { message: { usage: { input_tokens: 12, output_tokens: 34 } } },
    'an AI SDK result': { text: '', usage: { inputTokens: 12, outputTokens: 34, totalTokens: 46 } },
    'a LangChain message': { content: '', usage_metadata: { input_tokens: 12, output_tokens: 34 } },
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`reads ${name}`, () => expect(defaultUsage(shape)).to.deep.equal(both));
  }

  it("reads the counts of the AI SDK's models, each a total and what that is made of", () => {
    const usage = { inputTokens: { total: 12, cacheRead: 5 }, outputTokens: { total: 34, text: 30 } };
    expect(defaultUsage({ usage })).to.deep.equal(both);
    expect(defaultUsage({ usage: { inputTokens: { cacheRead: 5 } } })).to.equal(undefined);
  });

  it('takes the first of what a result has several of', () => {
    const usage = { inputTokens: 12, prompt_tokens: 1, input_tokens: 2, output_tokens: 4, completion_tokens: 34 };
    const others = { usage_metadata: { input_tokens: 5 }, message: {}, response: {}, prompt_eval_count: 6 };
    expect(defaultUsage({ ...others, usage })).to.deep.equal(both);
    expect(defaultUsage({ ...others, usage_metadata: { input_tokens: 0, output_tokens: 7 } })).to.deep.equal({
      ...{ inputTokens: 0, outputTokens: 7 },
    });
    expect(defaultUsage({ message: { usage: 'none' }, prompt_eval_count: 6, eval_count: 0 })).to.deep.equal({
      ...{ inputTokens: 6, outputTokens: 0 },
    });
  });

  it('leaves out what a result leaves out', () => {
    expect(defaultUsage({ prompt_eval_count: 12 })).to.deep.equal({ inputTokens: 12, outputTokens: undefined });
    expect(defaultUsage({ done: true, eval_count: 34 })).to.deep.equal({ inputTokens: undefined, outputTokens: 34 });
    for (const result of [
      null,
      undefined,
      'text',
      7,
      {},
      [],
      { usage: null },
      { usage: {} },
      { usage: { prompt_tokens: '1' } },
    ]) {
      expect(defaultUsage(result)).to.equal(undefined);
    }
  });

  class StreamLess {
    readonly usage = { inputTokens: 12, outputTokens: 34 };
  }

  it('does not touch the getters of an AI SDK stream result, which would consume the stream', () => {
    class StreamResult {
      get usage(): never {
        throw new Error('consumed');
      }
      get textStream(): never {
        throw new Error('consumed');
      }
    }
    expect(defaultUsage(new StreamResult())).to.equal(undefined);
    expect(defaultUsage({ textStream: 'its own', usage: { inputTokens: 12, outputTokens: 34 } })).to.deep.equal(both);
    expect(defaultUsage(new (class Answer extends StreamLess {})())).to.deep.equal(both);
  });
});

import { expect } from 'chai';
import { chatPart } from '../../../../lib/executor/models/ollama/chat-part.js';

describe('chatPart', () => {
  it('parses the text of a part', () => {
    expect(chatPart({ message: { role: 'assistant', content: 'Hi' }, done: false })).to.deep.equal({ text: 'Hi' });
  });

  it('parses the counts, and the durations in seconds, of the last part', () => {
    const last = {
      done: true,
      done_reason: 'length',
      load_duration: 1_500_000_000,
      prompt_eval_count: 26,
      prompt_eval_duration: 250_000_000,
      eval_count: 290,
      eval_duration: 4_000_000_000,
    };
    expect(chatPart(last)).to.deep.equal({
      text: '',
      finishReason: 'length',
      usage: { inputTokens: 26, outputTokens: 290 },
      timings: { reportedLoadSeconds: 1.5, loadSeconds: 1.5, promptSeconds: 0.25, outputSeconds: 4 },
    });
  });

  it('omits missing counts and durations', () => {
    expect(chatPart({ done: true })).to.deep.equal({ text: '', finishReason: 'other', usage: {}, timings: {} });
  });

  for (const count of [-1, Number.NaN, '7', null, {}]) {
    it(`treats a count of ${JSON.stringify(count)} as missing`, () => {
      const last = { done: true, prompt_eval_count: count, eval_count: count, load_duration: count };
      const { usage, timings } = chatPart({ ...last, eval_duration: count } as Parameters<typeof chatPart>[0]);
      expect({ usage, timings }).to.deep.equal({ usage: {}, timings: {} });
    });
  }

  it('treats unknown finish reasons as other', () => {
    expect(chatPart({ done: true, done_reason: 'unload' })).to.have.property('finishReason', 'other');
  });
});

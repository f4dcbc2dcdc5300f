import { expect } from 'chai';
import { collectAnswer } from '../../../lib/executor/models/collect-answer.js';
import type { ModelChunk } from '../../../lib/executor/models/model-client.js';

async function* pieces(...chunks: readonly ModelChunk[]): AsyncGenerator<ModelChunk> {
  for (const chunk of chunks) {
    // Each piece arrives in a separate event-loop turn, like pieces from the network.
    await new Promise((resolve) => setTimeout(resolve, 2));
    yield chunk;
  }
}

describe('collectAnswer', () => {
  it('joins the pieces, and takes the finish reason and usage from the last', async () => {
    const usage = { inputTokens: 1, outputTokens: 3 };
    const timings = { outputSeconds: 4 };
    const answer = await collectAnswer(
      pieces({ text: 'a' }, { text: 'b', finishReason: 'length', usage, timings }),
      'm',
    );
    expect(answer).to.deep.include({ text: 'ab', model: 'm', finishReason: 'length', usage });
    expect(answer.timings).to.include(timings).and.to.have.property('firstTokenSeconds').that.is.above(0);
  });

  it('measures the output time if the provider does not state it', async () => {
    const end = { text: '', finishReason: 'stop', usage: { outputTokens: 2 } } as const;
    const { timings } = await collectAnswer(pieces({ text: 'a' }, { text: 'b' }, end), 'm');
    expect(timings).to.have.all.keys('outputSeconds', 'firstTokenSeconds');
    const whole = await collectAnswer(pieces({ text: 'a' }, end), 'm');
    expect(whole.timings).to.deep.equal({});
  });

  it('returns an empty answer for no pieces, and throws the error of the stream', async () => {
    expect(await collectAnswer(pieces(), 'm')).to.deep.equal({
      ...{ text: '', model: 'm', finishReason: 'other', usage: {}, timings: {} },
    });
    async function* broken(): AsyncGenerator<ModelChunk> {
      yield* pieces({ text: 'a' });
      throw new Error('broke off');
    }
    const failure = await collectAnswer(broken(), 'm').catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'broke off');
  });
});

import { expect } from 'chai';
import { SimulatedClient, withPlannedAnswer } from '../../../../cli/commands/demo/simulated-client.js';
import { ModelError } from '../../../../lib/core/errors/model-errors.js';

const answer = { inputTokens: 30, outputTokens: 10, firstTokenSeconds: 0, secondsPerToken: 0, failureDraw: 0.3 };
const client = (failureRate: number) =>
  new SimulatedClient({
    model: 'simulated-spec',
    latencyFactor: 1,
    trouble: () => ({ latencyFactor: 1, failureRate }),
  });

describe('SimulatedClient', () => {
  it('returns the planned answer, complete and streamed', async () => {
    await withPlannedAnswer(answer, async () => {
      const whole = await client(0).generate({ prompt: 'q' });
      const pieces = [];
      for await (const piece of client(0).stream({ prompt: 'q' })) pieces.push(piece);
      const details = { cachedInputTokens: 12, cacheWriteTokens: 3, reasoningTokens: 2 };
      expect(whole).to.deep.include({
        ...{ finishReason: 'stop', usage: { inputTokens: 30, outputTokens: 10, ...details } },
      });
      expect(whole.text).to.equal('simulated '.repeat(10));
      expect(pieces.map(({ text }) => text).join('')).to.equal(whole.text);
      expect(pieces.map(({ finishReason }) => finishReason)).to.deep.equal([undefined, undefined, 'stop']);
    });
  });

  it('fails like a real server, with a new random result per attempt', async () => {
    await withPlannedAnswer(answer, async () => {
      const error = await client(1)
        .generate({ prompt: 'q' })
        .catch((failure: unknown) => failure);
      expect(error).to.be.instanceOf(ModelError).and.to.have.property('status', 503);
      expect((await client(0.5).generate({ prompt: 'q' })).finishReason).to.equal('stop');
    });
  });

  it('throws the reason of the signal', async () => {
    const slow = { ...answer, firstTokenSeconds: 60 };
    const caller = new AbortController();
    const response = withPlannedAnswer(slow, () => client(0).generate({ prompt: 'q', signal: caller.signal }));
    caller.abort();
    expect(await response.catch((reason: Error) => reason.name)).to.equal('AbortError');
  });
});

import { expect } from 'chai';
import { answeringAs, SimulatedClient } from '../../../../cli/commands/demo/simulated-client.js';
import { ModelError } from '../../../../lib/core/errors/model-errors.js';

const answer = { inputTokens: 30, outputTokens: 10, firstTokenSeconds: 0, secondsPerToken: 0, luck: 0.3 };
const client = (failing: number) =>
  new SimulatedClient({ model: 'simulated-spec', slowness: 1, trouble: () => ({ slowness: 1, failing }) });

describe('SimulatedClient', () => {
  it('answers as planned, whole and piece by piece', async () => {
    await answeringAs(answer, async () => {
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

  it('fails as a server fails, and at each try by luck of its own', async () => {
    await answeringAs(answer, async () => {
      const error = await client(1)
        .generate({ prompt: 'q' })
        .catch((failure: unknown) => failure);
      expect(error).to.be.instanceOf(ModelError).and.to.have.property('status', 503);
      expect((await client(0.5).generate({ prompt: 'q' })).finishReason).to.equal('stop');
    });
  });

  it('ends with the reason of its signal', async () => {
    const slow = { ...answer, firstTokenSeconds: 60 };
    const caller = new AbortController();
    const asked = answeringAs(slow, () => client(0).generate({ prompt: 'q', signal: caller.signal }));
    caller.abort();
    expect(await asked.catch((reason: Error) => reason.name)).to.equal('AbortError');
  });
});

import { expect } from 'chai';
import { factsOf, statesFacts } from '../../../lib/core/recording/response-facts.js';

describe('facts about a response in a result', () => {
  it('are its token counts and its finish reason, as values or promises', async () => {
    const usage = { inputTokens: 9 };
    expect(await factsOf({ usage: Promise.resolve(usage), finishReason: 'length' })).to.deep.equal({
      usage,
      finishReason: 'length',
    });
    expect(await factsOf({ totalUsage: usage, response: 'other' })).to.deep.equal({ totalUsage: usage });
    expect([statesFacts({ usage }), statesFacts({ response: usage })]).to.deep.equal([true, false]);
  });

  it('are the whole response if there are no others', async () => {
    expect(await factsOf({ response: Promise.resolve('Four.') })).to.equal('Four.');
    expect(await factsOf({ response: 'Four.' })).to.equal('Four.');
  });

  it('are unknown for an HTTP response, a rejected promise and a getter that throws', async () => {
    const getter = {
      get usage(): never {
        throw new Error('no');
      },
    };
    for (const result of [
      { response: new Response('Four.') },
      { response: Promise.reject(new Error('no')) },
      { usage: Promise.reject(new Error('no')) },
      getter,
    ]) {
      expect(await factsOf(result)).to.equal(undefined);
    }
    expect(factsOf({})).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { readFacts, statesFacts } from '../../../lib/core/recording/response-facts.js';

const factsOf = (result: object) => new Promise((resolve) => readFacts(result, resolve));

describe('facts about a response in a result', () => {
  it('are its token counts and its finish reason, as values or promises', async () => {
    const usage = { inputTokens: 9 };
    expect(await factsOf({ usage: Promise.resolve(usage), finishReason: 'length' })).to.deep.equal({
      usage,
      finishReason: 'length',
    });
    expect(await factsOf({ totalUsage: usage, response: Promise.resolve(1) })).to.deep.equal({ totalUsage: usage });
    expect([statesFacts({ usage }), statesFacts({ response: usage })]).to.deep.equal([true, false]);
  });

  it('are the whole response, if the result has a promise of it and no other facts', async () => {
    expect(await factsOf({ response: Promise.resolve('Four.') })).to.equal('Four.');
  });

  it('are unknown for an HTTP response, a rejected promise and a getter that throws', async () => {
    const throwing = (name: string) =>
      Object.defineProperty({}, name, {
        get: () => {
          throw new Error('no');
        },
      });
    for (const result of [
      { response: Promise.resolve(new Response('Four.')) },
      { response: Promise.reject(new Error('no')) },
      { usage: Promise.reject(new Error('no')) },
      throwing('usage'),
      throwing('response'),
    ]) {
      expect(await factsOf(result)).to.equal(undefined);
    }
  });

  it('are passed on at once if the result has no promise', () => {
    const passed: unknown[] = [];
    for (const result of [{}, { response: 'Four.' }]) readFacts(result, (facts) => passed.push(facts));
    expect(passed).to.deep.equal([undefined, undefined]);
  });
});

import { expect } from 'chai';
import { type KnownFacts, readFacts, statesFacts } from '../../../lib/core/recording/response-facts.js';

const nothing: KnownFacts = { hasUsage: false, hasFinishReason: false };
const factsOf = (result: object, known: Partial<KnownFacts> = {}, patience = 60_000) =>
  new Promise((onFacts) => readFacts(result, { known: { ...nothing, ...known }, patience, onFacts }));

const pending = new Promise<never>(() => {});

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

  it('are passed on at once if nothing is missing', () => {
    const passed: unknown[] = [];
    const onFacts = (facts: unknown) => void passed.push(facts);
    for (const result of [{}, { response: 'Four.' }]) readFacts(result, { known: nothing, patience: 60_000, onFacts });
    const known = { hasUsage: true, hasFinishReason: true };
    for (const result of [{ usage: pending, finishReason: pending }, { response: pending }]) {
      readFacts(result, { known, patience: 60_000, onFacts });
    }
    readFacts({ usage: pending }, { known: { ...nothing, hasUsage: true }, patience: 60_000, onFacts });
    expect(passed).to.deep.equal(Array(5).fill(undefined));
  });

  it('are those that are not known', async () => {
    const result = { usage: pending, totalUsage: pending, finishReason: Promise.resolve('length') };
    expect(await factsOf(result, { hasUsage: true })).to.deep.equal({ finishReason: 'length' });
    const usage = { inputTokens: 9 };
    expect(await factsOf({ usage, finishReason: pending }, { hasFinishReason: true })).to.deep.equal({ usage });
  });

  it('are those that arrive in time', async () => {
    const usage = { inputTokens: 9 };
    const late = { usage: Promise.resolve(usage), totalUsage: Promise.reject(new Error('no')), finishReason: pending };
    expect(await factsOf(late, {}, 1)).to.deep.equal({ usage });
    expect(await factsOf({ usage: pending }, {}, 1)).to.equal(undefined);
    expect(await factsOf({ response: pending }, {}, 1)).to.equal(undefined);
    // If the token counts are known, one turn of the event loop is enough.
    expect(await factsOf({ finishReason: pending }, { hasUsage: true })).to.equal(undefined);
    expect(await factsOf({ response: pending }, { hasUsage: true })).to.equal(undefined);
  });
});

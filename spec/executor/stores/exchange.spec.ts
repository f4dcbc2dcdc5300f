import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Exchange,
  latestExchanges,
  readExchange,
  turnsOf,
  writeExchange,
} from '../../../lib/executor/stores/exchange.js';

const exchanges: readonly Exchange[] = ['a', 'bb', 'cc'].map((question, index) => ({
  at: `2026-11-2${index}T00:00:00.000Z`,
  question,
  answer: question.toUpperCase(),
}));

describe('an exchange', () => {
  it('can be serialized and parsed with any texts', () => {
    const text = fc.string({ unit: 'binary-ascii' });
    fc.assert(
      fc.property(fc.record({ at: text, question: text, answer: text }), (exchange) => {
        const line = writeExchange(exchange);
        expect(line).not.to.include('\n');
        expect(readExchange(line)).to.deep.equal(exchange);
      }),
    );
  });

  it('is not parsed from other texts', () => {
    for (const line of [
      '',
      'null',
      '[]',
      '{"at":"","question":""}',
      '{"at":"","question":"","answer":1}',
      '{"at":""',
    ]) {
      expect(readExchange(line), line).to.equal(undefined);
    }
  });

  it('becomes a user turn and an assistant turn', () => {
    expect(turnsOf(exchanges.slice(0, 1))).to.deep.equal([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'A' },
    ]);
  });

  it('is dropped if the exchanges exceed the bounds, the oldest first; the latest is always kept', () => {
    const taken = (count: number, characters: number) =>
      latestExchanges(exchanges, { exchanges: count, characters }).map(({ question }) => question);
    expect(taken(5, 100)).to.deep.equal(['a', 'bb', 'cc']);
    expect(taken(2, 100)).to.deep.equal(['bb', 'cc']);
    expect(taken(5, 9)).to.deep.equal(['bb', 'cc']);
    expect(taken(5, 1)).to.deep.equal(['cc']);
    expect(latestExchanges([], { exchanges: 1, characters: 1 })).to.deep.equal([]);
  });
});

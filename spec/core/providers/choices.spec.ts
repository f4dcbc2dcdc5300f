import { expect } from 'chai';
import { visitChoices } from '../../../lib/core/providers/choices.js';

function visited(choices: unknown, field: 'finish_reason' | 'finishReason' = 'finish_reason'): unknown[] {
  const seen: unknown[] = [];
  visitChoices(choices, field, (index, reason) => seen.push([index, reason]));
  return seen;
}

describe('visitChoices', () => {
  it('visits each choice with its index and its finish reason', () => {
    const choices = [
      { index: 2, finish_reason: 'stop' },
      { index: 0, finish_reason: null },
    ];
    expect(visited(choices)).to.deep.equal([
      [2, 'stop'],
      [0, undefined],
    ]);
  });

  it('uses the position in the list if a choice has no index', () => {
    expect(visited([{}, { index: '7', finish_reason: 'length' }])).to.deep.equal([
      [0, undefined],
      [1, 'length'],
    ]);
  });

  it('reads the finish reason from the given field', () => {
    expect(visited([{ finishReason: 'MAX_TOKENS', finish_reason: 'stop' }], 'finishReason')).to.deep.equal([
      [0, 'length'],
    ]);
  });

  it('skips choices without fields, and values that are not lists', () => {
    expect(visited([null, 'text', { finish_reason: 'stop' }])).to.deep.equal([[2, 'stop']]);
    for (const value of [undefined, null, 'text', { 0: {}, length: 1 }]) expect(visited(value)).to.deep.equal([]);
  });
});

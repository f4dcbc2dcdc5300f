import { expect } from 'chai';
import fc from 'fast-check';
import { type FinishReason, finishReasonNamed } from '../../../lib/core/providers/finish-reason.js';

const words: Readonly<Record<FinishReason, readonly string[]>> = {
  stop: ['stop', 'stop_sequence', 'stop_sequences', 'end_turn', 'completed', 'complete', 'eos', 'eos_token', 'finish'],
  length: [
    ...['length', 'max_tokens', 'max_output_tokens', 'max_length', 'model_length', 'token_limit'],
    'model_context_window_exceeded',
  ],
  tool_calls: ['tool_calls', 'tool_call', 'tool_use', 'function_call', 'function_calls'],
  error: ['error', 'failed'],
  cancelled: ['cancelled', 'canceled', 'abort', 'aborted'],
  timeout: ['timeout'],
  other: ['other', 'content_filter', 'safety', 'load', 'constructor', 'unknown'],
};
const unfinished = ['', 'null', 'none', 'in_progress', 'queued'];
const spellings: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => word.replaceAll('_', '-'),
];

describe('finishReasonNamed', () => {
  for (const [reason, names] of Object.entries(words)) {
    it(`reads ${names.join(', ')} as ${reason}, in any spelling`, () => {
      for (const name of names.flatMap((word) => spellings.map((spell) => spell(word)))) {
        expect(finishReasonNamed(name), name).to.equal(reason);
      }
    });
  }

  it(`reads ${unfinished.map((word) => `"${word}"`).join(', ')} as "not finished yet"`, () => {
    const names = unfinished.flatMap((word) => spellings.map((spell) => spell(word)));
    expect(names.filter((name) => finishReasonNamed(name) !== undefined)).to.deep.equal([]);
  });

  it('returns undefined for values that are not texts', () => {
    for (const value of [null, undefined, 7, true, {}, ['stop'], { toString: () => 'stop' }]) {
      expect(finishReasonNamed(value)).to.equal(undefined);
    }
  });

  it('returns one of the labels for any text', () => {
    const labels = new Set<unknown>([...Object.keys(words), undefined]);
    fc.assert(fc.property(fc.string(), (word) => labels.has(finishReasonNamed(word))));
  });
});

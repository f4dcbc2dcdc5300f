import { expect } from 'chai';
import { finishReasonOf } from '../../../lib/core/decorators/finish-reason.js';

describe('finishReasonOf', () => {
  const cases: readonly (readonly [string, unknown, string | undefined])[] = [
    ['Ollama', { done_reason: 'stop' }, 'stop'],
    ['Ollama cut off', { done_reason: 'length' }, 'length'],
    ['Ollama in mid-stream', { done: false, message: {} }, undefined],
    ['OpenAI chat', { choices: [{ finish_reason: 'tool_calls' }] }, 'tool_calls'],
    ['OpenAI chat in mid-stream', { choices: [{ finish_reason: null }] }, undefined],
    ["OpenAI chat's usage chunk", { choices: [] }, undefined],
    ['OpenAI response', { object: 'response', status: 'completed' }, 'stop'],
    [
      'OpenAI response cut off',
      { object: 'response', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      'length',
    ],
    [
      'OpenAI response event',
      { type: 'response.completed', response: { object: 'response', status: 'completed' } },
      'stop',
    ],
    ['Anthropic', { stop_reason: 'end_turn' }, 'stop'],
    ['Anthropic event', { type: 'message_delta', delta: { stop_reason: 'max_tokens' } }, 'length'],
    ['AI SDK', { finishReason: 'tool-calls' }, 'tool_calls'],
    ['LangChain', { response_metadata: { finish_reason: 'length' } }, 'length'],
    ["an AI SDK model's, in its own words", { finishReason: { unified: 'length', raw: 'max' } }, 'length'],
    ['a LangChain message of Anthropic', { response_metadata: { stop_reason: 'end_turn' } }, 'stop'],
    ['a LangChain message of Ollama', { response_metadata: { done_reason: 'length' } }, 'length'],
    ['a LangChain message that says nothing', { response_metadata: {} }, undefined],
    ['an OpenAI response under way', { object: 'response', status: 'in_progress' }, undefined],
    ['an OpenAI response event under way', { response: { object: 'response', status: 'in_progress' } }, undefined],
    ['a status that is of no response', { object: 'run', status: 'completed' }, undefined],
    ['an Anthropic event in mid-stream', { type: 'content_block_delta', delta: { text: 'a' } }, undefined],
    ['a choice that is none', { choices: [null] }, undefined],
    ['one reason before another', { finishReason: null, done_reason: 'length', stop_reason: 'end_turn' }, 'length'],
    ['a reason that is null, for another', { stop_reason: null, choices: [{ finish_reason: 'length' }] }, 'length'],
    ['a reason that is no text', { stop_reason: 7 }, undefined],
    ['null', null, undefined],
    ['a reason of its own', { finishReason: 'content-filter' }, 'other'],
    ['nothing', {}, undefined],
    ['no object', 'stop', undefined],
  ];
  for (const [name, result, reason] of cases) {
    it(`reads ${name}`, () => expect(finishReasonOf(result)).to.equal(reason));
  }

  const words: Readonly<Record<string, readonly string[]>> = {
    stop: ['stop', 'stop_sequence', 'end_turn', 'completed'],
    length: ['length', 'max_tokens', 'max_output_tokens'],
    tool_calls: ['tool_calls', 'tool-calls', 'tool_use', 'function_call'],
    error: ['error', 'failed'],
    cancelled: ['cancelled'],
    timeout: ['timeout'],
    other: ['other', 'content_filter', '', 'constructor'],
  };
  for (const [reason, spellings] of Object.entries(words)) {
    it(`takes ${spellings.join(', ')} for ${reason}`, () => {
      for (const finishReason of spellings) expect(finishReasonOf({ finishReason }), finishReason).to.equal(reason);
    });
  }

  it('does not touch the getters of an AI SDK stream result, which would consume the stream', () => {
    class StreamResult {
      get finishReason(): never {
        throw new Error('consumed');
      }
      get textStream(): never {
        throw new Error('consumed');
      }
    }
    expect(finishReasonOf(new StreamResult())).to.equal(undefined);
    expect(finishReasonOf({ textStream: 'its own', finishReason: 'stop' })).to.equal('stop');
  });
});

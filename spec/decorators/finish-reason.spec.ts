import { expect } from 'chai';
import { finishReasonOf } from '../../lib/decorators/finish-reason.js';

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
    ['a reason of its own', { finishReason: 'content-filter' }, 'other'],
    ['nothing', {}, undefined],
    ['no object', 'stop', undefined],
  ];
  for (const [name, result, reason] of cases) {
    it(`reads ${name}`, () => expect(finishReasonOf(result)).to.equal(reason));
  }
});

import { expect } from 'chai';
import { isOpenAIResponses, openaiResponses } from '../../../lib/core/providers/openai-responses.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const object = 'response';
const call = { type: 'function_call', name: 'sum' };

describe('the reader of the Responses API', () => {
  testReader(openaiResponses, [
    [
      'a whole response',
      {
        ...{ object, status: 'completed', output: [{ type: 'message' }] },
        usage: {
          ...{ input_tokens: 12, input_tokens_details: { cached_tokens: 5, cache_write_tokens: 2 } },
          ...{ output_tokens: 34, output_tokens_details: { reasoning_tokens: 30 } },
        },
      },
      {
        finishReason: 'stop',
        usage: {
          ...{ inputTokens: 12, outputTokens: 34 },
          ...{ cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 },
        },
      },
    ],
    [
      'the last event, which contains the response',
      {
        type: 'response.completed',
        response: { object, status: 'completed', usage: { input_tokens: 1, output_tokens: 2 } },
      },
      { finishReason: 'stop', isLast: true, usage: { inputTokens: 1, outputTokens: 2 } },
    ],
    [
      'a response that was cut off',
      { object, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      { finishReason: 'length' },
    ],
    ['the event of such a response', { type: 'response.incomplete', response: {} }, { isLast: true }],
    ['details that are null', { object, status: 'completed', incomplete_details: null }, { finishReason: 'stop' }],
    ['a response under way', { object, status: 'in_progress' }, {}],
    ['no reason for the status of another object', { object: 'run', status: 'completed' }, {}],
    ['a tool call', { object, status: 'completed', output: [call] }, { finishReason: 'tool_calls', callsTools: true }],
    [
      'a call of a custom tool after a message',
      { object, status: 'completed', output: [{ type: 'message' }, { type: 'custom_tool_call' }] },
      { finishReason: 'tool_calls', callsTools: true },
    ],
    [
      'a tool call that was cut off',
      { object, output: [call], incomplete_details: { reason: 'max_output_tokens' } },
      { finishReason: 'length', callsTools: true },
    ],
    [
      'no tool call for a web search',
      { object, status: 'completed', output: [{ type: 'web_search_call' }] },
      { finishReason: 'stop' },
    ],
    ['the event of a tool call', { type: 'response.output_item.added', item: call }, { callsTools: true }],
    ['the event of a message', { type: 'response.output_item.added', item: { type: 'message' } }, {}],
    ['an event with an item that is null', { type: 'response.output_item.added', item: null }, {}],
    ['a delta of text', { type: 'response.output_text.delta', delta: 'Four' }, { carriesOutput: true }],
    ['a delta of another kind', { type: 'response.refusal.delta', delta: 'No' }, { carriesOutput: true }],
    ['an event whose name only contains "delta"', { type: 'response.deltas' }, {}],
    ['a finished part, whose text arrived earlier', { type: 'response.output_text.done', text: 'Four' }, {}],
    ['an event without a name', { delta: 'Four', type: 7 }, {}],
    [
      'a failed response',
      { type: 'response.failed', response: { object, status: 'failed', error: { message: 'no' } } },
      { finishReason: 'error', isLast: true, errorType: 'ModelServerError' },
    ],
    ['no error for a failed status of another object', { object: 'run', status: 'failed' }, {}],
    ['an error event', { type: 'error', message: 'no' }, { errorType: 'ModelProtocolError' }],
    ['an error in place of a response', { error: { message: 'no' } }, { errorType: 'ModelProtocolError' }],
    ['usage that is not an object', { object, usage: 'none', status: 'queued' }, {}],
  ]);

  testReaderWithAnything(openaiResponses);

  it('isOpenAIResponses recognizes responses and events', () => {
    expect([{ object }, { type: 'response.created' }].filter((value) => !isOpenAIResponses(value))).to.deep.equal([]);
    const others = [{}, { object: 'list' }, { type: 'response' }, { type: 'other.response.created' }, { type: 7 }];
    expect(others.filter(isOpenAIResponses)).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { anthropic, isAnthropic } from '../../../lib/core/providers/anthropic.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields });

describe('the reader of Anthropic', () => {
  testReader(anthropic, [
    [
      'a message, whose input tokens exclude cached tokens',
      {
        ...{ type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Four' }], stop_reason: 'end_turn' },
        usage: {
          ...{ input_tokens: 12, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 },
          ...{ output_tokens: 34, output_tokens_details: { thinking_tokens: 30 } },
        },
      },
      {
        ...{ carriesOutput: true, finishReason: 'stop' },
        usage: {
          ...{ inputTokens: 132, outputTokens: 34 },
          ...{ cachedInputTokens: 100, cacheWriteTokens: 20, reasoningTokens: 30 },
        },
      },
    ],
    [
      'the first event, with the input tokens',
      { type: 'message_start', message: { stop_reason: null, usage: { input_tokens: 12, output_tokens: 1 } } },
      { usage: { inputTokens: 12, outputTokens: 1 } },
    ],
    [
      'the event with the output tokens and the reason',
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 34 } },
      { usage: { outputTokens: 34 }, finishReason: 'length' },
    ],
    ['usage that is null', { type: 'message_delta', usage: null, message: { usage: 7 } }, {}],
    ['the last event', { type: 'message_stop' }, { isLast: true }],
    ['a delta of text', delta({ type: 'text_delta', text: 'Four' }), { carriesOutput: true }],
    ['a delta of thinking', delta({ type: 'thinking_delta', thinking: 'Hm' }), { carriesOutput: true }],
    ['a delta of a tool call', delta({ type: 'input_json_delta', partial_json: '{' }), { carriesOutput: true }],
    ['a delta of a new kind', delta({ type: 'audio_delta', data: 'x' }), { carriesOutput: true }],
    ['an empty delta of text', delta({ type: 'text_delta', text: '' }), {}],
    ['an empty delta of thinking', delta({ type: 'thinking_delta', thinking: '' }), {}],
    ['an empty delta of a tool call', delta({ type: 'input_json_delta', partial_json: '' }), {}],
    ['a signature', delta({ type: 'signature_delta', signature: 'x' }), {}],
    ['citations', delta({ type: 'citations_delta', citation: {} }), {}],
    ['no output for a delta in another event', { type: 'content_block_start', delta: { text: 'Four' } }, {}],
    ['the beginning of a block', { type: 'content_block_start', content_block: { text: 'Four' } }, {}],
    ['no output for content in another event', { type: 'message_delta', content: [{ text: 'Four' }] }, {}],
    ['a message without content', { type: 'message', role: 'assistant', content: [] }, {}],
    ['a tool call by its reason', { type: 'message', stop_reason: 'tool_use' }, { finishReason: 'tool_calls' }],
    ['a ping', { type: 'ping' }, {}],
    ['an error event', { type: 'error', error: { message: 'overloaded' } }, { errorType: 'ModelProtocolError' }],
    ['an error event without an error', { type: 'error' }, { errorType: 'ModelProtocolError' }],
    ['an error without a type', { error: { message: 'overloaded' } }, { errorType: 'ModelProtocolError' }],
  ]);

  testReaderWithAnything(anthropic);

  it('isAnthropic recognizes messages and events', () => {
    const events = ['message_start', 'message_delta', 'message_stop', 'ping'].map((type) => ({ type }));
    const blocks = ['content_block_start', 'content_block_delta', 'content_block_stop'].map((type) => ({ type }));
    const all = [...events, ...blocks, { type: 'message', role: 'assistant' }];
    expect(all.filter((value) => !isAnthropic(value))).to.deep.equal([]);
    const others = [
      {},
      { type: 'message' },
      { role: 'assistant' },
      { type: 'message', role: 'user' },
      { type: 'error' },
    ];
    expect(others.filter(isAnthropic)).to.deep.equal([]);
  });
});

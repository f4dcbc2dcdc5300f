import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://platform.claude.com/docs/en/build-with-claude/streaming';
const cacheDocumentation = 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching';
const types = 'https://github.com/anthropics/anthropic-sdk-typescript/blob/main/src/resources/messages/messages.ts';

function start(usage: object): object {
  const fields = { id: 'msg_01Vb9R', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [] };
  return { type: 'message_start', message: { ...fields, stop_reason: null, stop_sequence: null, usage } };
}

function blockStart(index: number, block: object): object {
  return { type: 'content_block_start', index, content_block: block };
}

function delta(index: number, block: object): object {
  return { type: 'content_block_delta', index, delta: block };
}

function blockStop(index: number): object {
  return { type: 'content_block_stop', index };
}

function messageDelta(reason: string, usage: object): object {
  return { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage };
}

const emptyText = { type: 'text', text: '' };
const ping = { type: 'ping' };
const stop = { type: 'message_stop' };

/** Streamed responses of Anthropic's Messages API. The counts in `message_delta` are cumulative. */
export const anthropicStreamed: readonly CorpusCase[] = [
  {
    name: 'streamed, text, ping before the first delta',
    source: documentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 25, output_tokens: 1 }),
      blockStart(0, emptyText),
      ping,
      delta(0, { type: 'text_delta', text: 'Porto' }),
      delta(0, { type: 'text_delta', text: ' lies on the Douro.' }),
      blockStop(0),
      messageDelta('end_turn', { output_tokens: 15 }),
      stop,
    ],
    expected: { input: 25, output: 15, finishReason: 'stop', firstOutput: 3, lastChunk: 7 },
  },
  {
    name: 'streamed, cache counts in message_start',
    source: cacheDocumentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 6, cache_creation_input_tokens: 210, cache_read_input_tokens: 1800, output_tokens: 2 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'No.' }),
      blockStop(0),
      messageDelta('end_turn', { output_tokens: 5 }),
      stop,
    ],
    expected: {
      input: 2016,
      output: 5,
      cachedInput: 1800,
      cacheWrite: 210,
      finishReason: 'stop',
      firstOutput: 2,
      lastChunk: 5,
    },
  },
  {
    name: 'streamed, all counts repeated in message_delta: not added twice',
    source: types,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 7, cache_creation_input_tokens: 30, cache_read_input_tokens: 500, output_tokens: 1 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'Seven' }),
      blockStop(0),
      messageDelta('max_tokens', {
        input_tokens: 7,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 500,
        output_tokens: 12,
        output_tokens_details: null,
        server_tool_use: null,
      }),
      stop,
    ],
    expected: {
      input: 537,
      output: 12,
      cachedInput: 500,
      cacheWrite: 30,
      finishReason: 'length',
      firstOutput: 2,
      lastChunk: 5,
    },
  },
  {
    name: 'streamed, thinking with signature, thinking tokens in message_delta',
    source: types,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 41, output_tokens: 4 }),
      blockStart(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: '27 = 3 x 9' }),
      delta(0, { type: 'signature_delta', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' }),
      blockStop(0),
      blockStart(1, emptyText),
      delta(1, { type: 'text_delta', text: 'Not prime.' }),
      blockStop(1),
      messageDelta('end_turn', { output_tokens: 88, output_tokens_details: { thinking_tokens: 73 } }),
      stop,
    ],
    expected: { input: 41, output: 88, reasoningOutput: 73, finishReason: 'stop', firstOutput: 2, lastChunk: 9 },
  },
  {
    name: 'streamed, thinking is omitted: the signature is no output',
    source: 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking',
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 33, output_tokens: 3 }),
      blockStart(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'signature_delta', signature: 'EosnCkYICxIMMb3LzNrMu9wCKkKA' }),
      blockStop(0),
      blockStart(1, emptyText),
      delta(1, { type: 'text_delta', text: 'Prime.' }),
      blockStop(1),
      messageDelta('end_turn', { output_tokens: 102 }),
      stop,
    ],
    expected: { input: 33, output: 102, finishReason: 'stop', firstOutput: 5, lastChunk: 8 },
  },
  {
    name: 'streamed, tool use after text',
    source: documentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 472, output_tokens: 2 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'I check the tide.' }),
      blockStop(0),
      blockStart(1, { type: 'tool_use', id: 'toolu_01T1', name: 'get_tide', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '' }),
      delta(1, { type: 'input_json_delta', partial_json: '{"port": "Po' }),
      delta(1, { type: 'input_json_delta', partial_json: 'rto"}' }),
      blockStop(1),
      messageDelta('tool_use', { output_tokens: 89 }),
      stop,
    ],
    expected: { input: 472, output: 89, finishReason: 'tool_calls', firstOutput: 2, lastChunk: 10 },
  },
  {
    name: 'streamed, tool use only, first part of the input is empty',
    source: documentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 310, output_tokens: 11 }),
      blockStart(0, { type: 'tool_use', id: 'toolu_01T2', name: 'get_tide', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '' }),
      delta(0, { type: 'input_json_delta', partial_json: '{"port": "Faro"}' }),
      blockStop(0),
      messageDelta('tool_use', { output_tokens: 38 }),
      stop,
    ],
    expected: { input: 310, output: 38, finishReason: 'tool_calls', firstOutput: 3, lastChunk: 6 },
  },
  {
    name: 'streamed, refusal after the first text',
    source: 'https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons',
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 71, output_tokens: 1 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'To' }),
      blockStop(0),
      messageDelta('refusal', { output_tokens: 6 }),
      stop,
    ],
    expected: { input: 71, output: 6, finishReason: 'other', firstOutput: 2, lastChunk: 5 },
  },
  {
    name: 'streamed, two message_delta events: the last one counts',
    source: documentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 12, output_tokens: 1 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'One, two' }),
      blockStop(0),
      { type: 'message_delta', delta: { stop_reason: null, stop_sequence: null }, usage: { output_tokens: 4 } },
      {
        type: 'message_delta',
        delta: { stop_reason: 'stop_sequence', stop_sequence: 'three' },
        usage: { output_tokens: 9 },
      },
      stop,
    ],
    expected: { input: 12, output: 9, finishReason: 'stop', firstOutput: 2, lastChunk: 6 },
  },
  {
    name: 'streamed, overloaded after the first text, status 200',
    source: documentation,
    api: 'anthropic-messages',
    chunks: [
      start({ input_tokens: 18, output_tokens: 1 }),
      blockStart(0, emptyText),
      delta(0, { type: 'text_delta', text: 'The' }),
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ],
    expected: { input: 18, output: 1, finishReason: 'error', firstOutput: 2, error: 'ModelProtocolError' },
  },
];

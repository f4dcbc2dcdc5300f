import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://platform.claude.com/docs/en/api/messages';
const cacheDocumentation = 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching';
const stopReasonDocumentation = 'https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons';
const errorDocumentation = 'https://platform.claude.com/docs/en/api/errors';
const types = 'https://github.com/anthropics/anthropic-sdk-typescript/blob/main/src/resources/messages/messages.ts';

const message = { id: 'msg_01KqT5', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' } as const;

/** Whole responses of Anthropic's Messages API. `input_tokens` excludes the tokens that the cache counts state. */
export const anthropic: readonly CorpusCase[] = [
  {
    name: 'whole, text',
    source: documentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: 'Lisbon lies on the Tagus.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 14, output_tokens: 8 },
    },
    expected: { input: 14, output: 8, finishReason: 'stop' },
  },
  {
    name: 'whole, cache read and cache creation',
    source: cacheDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: 'Yes.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 100,
        cache_read_input_tokens: 2000,
        cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
        output_tokens: 3,
        service_tier: 'standard',
      },
    },
    expected: { input: 2104, output: 3, cachedInput: 2000, cacheWrite: 100, finishReason: 'stop' },
  },
  {
    name: 'whole, cache counts null or zero, thinking tokens stated',
    source: types,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [
        { type: 'thinking', thinking: 'Both are prime.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' },
        { type: 'text', text: 'Both.' },
      ],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 37,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: 0,
        output_tokens: 61,
        output_tokens_details: { thinking_tokens: 52 },
        server_tool_use: null,
      },
    },
    expected: { input: 37, output: 61, cachedInput: 0, reasoningOutput: 52, finishReason: 'stop' },
  },
  {
    name: 'whole, tool use',
    source: documentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [
        { type: 'text', text: 'I will look it up.' },
        { type: 'tool_use', id: 'toolu_01Qz', name: 'get_tide', input: { port: 'Lisbon' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 472, output_tokens: 58 },
    },
    expected: { input: 472, output: 58, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, max_tokens',
    source: stopReasonDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: 'The first reason' }],
      stop_reason: 'max_tokens',
      stop_sequence: null,
      usage: { input_tokens: 19, output_tokens: 16 },
    },
    expected: { input: 19, output: 16, finishReason: 'length' },
  },
  {
    name: 'whole, context window exceeded',
    source: stopReasonDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: 'Chapter 12' }],
      stop_reason: 'model_context_window_exceeded',
      stop_sequence: null,
      usage: { input_tokens: 198_204, output_tokens: 1796 },
    },
    expected: { input: 198_204, output: 1796, finishReason: 'length' },
  },
  {
    name: 'whole, stop sequence',
    source: stopReasonDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: '1, 2, 3' }],
      stop_reason: 'stop_sequence',
      stop_sequence: '4',
      usage: { input_tokens: 22, output_tokens: 9 },
    },
    expected: { input: 22, output: 9, finishReason: 'stop' },
  },
  {
    name: 'whole, refusal with empty content',
    source: stopReasonDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [],
      stop_reason: 'refusal',
      stop_sequence: null,
      stop_details: { type: 'refusal', category: 'bio', explanation: null },
      usage: { input_tokens: 564, output_tokens: 2 },
    },
    expected: { input: 564, output: 2, finishReason: 'other' },
  },
  {
    name: 'whole, pause_turn during a server tool',
    source: stopReasonDocumentation,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'server_tool_use', id: 'srvtoolu_01X', name: 'web_search', input: { query: 'tide Lisbon' } }],
      stop_reason: 'pause_turn',
      stop_sequence: null,
      usage: { input_tokens: 2310, output_tokens: 77, server_tool_use: { web_search_requests: 3 } },
    },
    expected: { input: 2310, output: 77, finishReason: 'other' },
  },
  {
    name: 'count_tokens: a count, but no consumption',
    source: 'https://platform.claude.com/docs/en/api/messages-count-tokens',
    api: 'anthropic-count-tokens',
    whole: { input_tokens: 2095 },
    expected: { finishReason: 'stop' },
  },
  {
    name: 'overloaded, status 529',
    source: errorDocumentation,
    api: 'anthropic-messages',
    status: 529,
    whole: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_011CSb' },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
  {
    name: 'unknown model',
    source: errorDocumentation,
    api: 'anthropic-messages',
    status: 404,
    whole: { type: 'error', error: { type: 'not_found_error', message: 'model: claude-9' }, request_id: 'req_011CSc' },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: 'request too large, HTML from the edge',
    source: errorDocumentation,
    api: 'anthropic-messages',
    status: 413,
    contentType: 'text/html',
    body: '<html><head><title>413 Request Entity Too Large</title></head><body></body></html>',
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: 'prompt too long',
    source: errorDocumentation,
    api: 'anthropic-messages',
    status: 400,
    whole: {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 208310 tokens > 200000 maximum' },
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

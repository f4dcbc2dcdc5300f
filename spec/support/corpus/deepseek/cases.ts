import type { CorpusCase } from '../corpus-case.js';
import { eventStream } from '../event-stream.js';

const source = 'https://api-docs.deepseek.com/api/create-chat-completion';
const rateLimit = 'https://api-docs.deepseek.com/quick_start/rate_limit';
const errors = 'https://api-docs.deepseek.com/quick_start/error_codes';

const chunk = (delta: object, finishReason: string | null = null, more: object = {}) => ({
  id: '30f6413a-a827-4cf3-9898-f13a8634b798',
  object: 'chat.completion.chunk',
  created: 1764209000,
  model: 'deepseek-v4-flash',
  system_fingerprint: 'fp_10bed7e3c8_prod',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  ...more,
});

const whole = (message: object, finishReason: string, usage: object) => ({
  id: '8c1e7f0a-3d5b-4b52-b7b1-0d90a1c2a611',
  object: 'chat.completion',
  created: 1764209001,
  model: 'deepseek-v4-flash',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason: finishReason }],
  usage,
  system_fingerprint: 'fp_10bed7e3c8_prod',
});

const usage = (hit: number, miss: number, output: number, more: object = {}) => ({
  prompt_tokens: hit + miss,
  completion_tokens: output,
  total_tokens: hit + miss + output,
  prompt_cache_hit_tokens: hit,
  prompt_cache_miss_tokens: miss,
  ...more,
});

const slow = whole({ content: 'Jade.' }, 'stop', usage(0, 13, 3));
const role = chunk({ role: 'assistant', content: '' });
const text = [role, chunk({ content: 'Jade' }), chunk({ content: '' }, 'stop', { usage: usage(64, 5, 2) })];

/** Responses of DeepSeek's API. */
export const deepseek: readonly CorpusCase[] = [
  {
    name: 'whole, cache hits and misses without details',
    source: 'https://api-docs.deepseek.com/guides/kv_cache',
    api: 'openai-chat',
    whole: whole({ content: 'Jade is green.' }, 'stop', usage(896, 71, 6)),
    expected: { input: 967, output: 6, cachedInput: 896, finishReason: 'stop' },
  },
  {
    name: 'whole, reasoning_content and reasoning tokens',
    source: 'https://api-docs.deepseek.com/guides/reasoning_model',
    api: 'openai-chat',
    whole: whole(
      { content: '9.11 is smaller.', reasoning_content: 'Compare the tenths.' },
      'stop',
      usage(0, 25, 342, {
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 318 },
      }),
    ),
    expected: { input: 25, output: 342, cachedInput: 0, reasoningOutput: 318, finishReason: 'stop' },
  },
  {
    name: 'whole, tool call',
    source: 'https://api-docs.deepseek.com/guides/function_calling',
    api: 'openai-chat',
    whole: whole(
      {
        content: '',
        tool_calls: [
          { index: 0, id: 'call_0_ds1', type: 'function', function: { name: 'price', arguments: '{"gem":"jade"}' } },
        ],
      },
      'tool_calls',
      usage(128, 37, 19),
    ),
    expected: { input: 165, output: 19, cachedInput: 128, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, empty lines before the JSON while the request waits',
    source: rateLimit,
    api: 'openai-chat',
    whole: slow,
    body: `\n\n\n${JSON.stringify(slow)}`,
    expected: { input: 13, output: 3, cachedInput: 0, finishReason: 'stop' },
  },
  {
    name: 'streamed, keep-alive comments before the first chunk, usage in the last chunk',
    source: rateLimit,
    api: 'openai-chat',
    chunks: text,
    body: eventStream([': keep-alive', ': keep-alive', ...text, 'data: [DONE]']),
    expected: { input: 69, output: 2, cachedInput: 64, finishReason: 'stop', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, reasoning_content with `content: null`, then the reverse',
    source: 'https://api-docs.deepseek.com/guides/reasoning_model',
    api: 'openai-chat',
    chunks: [
      chunk({ role: 'assistant', content: null, reasoning_content: '' }, null, { usage: null }),
      chunk({ content: null, reasoning_content: 'Compare' }, null, { usage: null }),
      chunk({ content: '9.11', reasoning_content: null }, null, { usage: null }),
      chunk({ content: '', reasoning_content: null }, 'length', {
        usage: usage(0, 26, 20, { completion_tokens_details: { reasoning_tokens: 17 } }),
      }),
    ],
    expected: {
      input: 26,
      output: 20,
      cachedInput: 0,
      reasoningOutput: 17,
      finishReason: 'length',
      firstOutput: 1,
      lastChunk: 3,
    },
  },
  {
    name: 'streamed, interrupted because of insufficient resources',
    source,
    api: 'openai-chat',
    chunks: [role, chunk({ content: 'Jade' }), chunk({ content: '' }, 'insufficient_system_resource')],
    expected: { finishReason: 'other', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'whole, content filter',
    source,
    api: 'openai-chat',
    whole: whole({ content: '' }, 'content_filter', usage(0, 40, 1)),
    expected: { input: 40, output: 1, cachedInput: 0, finishReason: 'other' },
  },
  {
    name: '402, insufficient balance',
    source: errors,
    api: 'openai-chat',
    status: 402,
    whole: {
      error: { message: 'Insufficient Balance', type: 'unknown_error', param: null, code: 'invalid_request_error' },
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '503, overloaded',
    source: errors,
    api: 'openai-chat',
    status: 503,
    whole: {
      error: {
        message: 'Service is too busy. Please retry later.',
        type: 'service_unavailable_error',
        param: null,
        code: 'service_unavailable_error',
      },
    },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];

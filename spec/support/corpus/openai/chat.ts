import type { CorpusCase } from '../corpus-case.js';

const source = 'https://platform.openai.com/docs/api-reference/chat/object';

const completion = (choices: readonly object[], usage: object) => ({
  id: 'chatcmpl-CkWhole7Qx2',
  object: 'chat.completion',
  created: 1764200117,
  model: 'gpt-4.1-mini-2025-04-14',
  choices,
  usage,
  service_tier: 'default',
  system_fingerprint: 'fp_51db84afab',
});

const message = (content: string | null, more: object = {}) => ({
  role: 'assistant',
  content,
  refusal: null,
  annotations: [],
  ...more,
});

const details = (cached: number, reasoning: number) => ({
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

/** Whole responses of OpenAI's chat completions API. */
export const chat: readonly CorpusCase[] = [
  {
    name: 'whole, usage with details that are all zero',
    source,
    api: 'openai-chat',
    whole: completion(
      [{ index: 0, message: message('Lisbon lies on the Tagus.'), logprobs: null, finish_reason: 'stop' }],
      { prompt_tokens: 19, completion_tokens: 8, total_tokens: 27, ...details(0, 0) },
    ),
    expected: { input: 19, output: 8, cachedInput: 0, reasoningOutput: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, usage without details',
    source,
    api: 'openai-chat',
    whole: completion(
      [{ index: 0, message: { role: 'assistant', content: 'Seven.' }, logprobs: null, finish_reason: 'stop' }],
      { prompt_tokens: 14, completion_tokens: 3, total_tokens: 17 },
    ),
    expected: { input: 14, output: 3, finishReason: 'stop' },
  },
  {
    name: 'whole, cached input and reasoning',
    source: 'https://platform.openai.com/docs/guides/prompt-caching',
    api: 'openai-chat',
    whole: completion(
      [{ index: 0, message: message('The bug is in line 40.'), logprobs: null, finish_reason: 'stop' }],
      { prompt_tokens: 2310, completion_tokens: 467, total_tokens: 2777, ...details(1920, 448) },
    ),
    expected: { input: 2310, output: 467, cachedInput: 1920, reasoningOutput: 448, finishReason: 'stop' },
  },
  {
    name: 'whole, all output tokens spent on reasoning, empty content',
    source: 'https://platform.openai.com/docs/guides/reasoning',
    api: 'openai-chat',
    whole: completion([{ index: 0, message: message(''), logprobs: null, finish_reason: 'length' }], {
      prompt_tokens: 61,
      completion_tokens: 256,
      total_tokens: 317,
      ...details(0, 256),
    }),
    expected: { input: 61, output: 256, cachedInput: 0, reasoningOutput: 256, finishReason: 'length' },
  },
  {
    name: 'whole, two parallel tool calls',
    source: 'https://platform.openai.com/docs/guides/function-calling',
    api: 'openai-chat',
    whole: completion(
      [
        {
          index: 0,
          message: message(null, {
            tool_calls: [
              { id: 'call_T1aa', type: 'function', function: { name: 'get_tide', arguments: '{"port":"Porto"}' } },
              { id: 'call_T2bb', type: 'function', function: { name: 'get_tide', arguments: '{"port":"Faro"}' } },
            ],
          }),
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      { prompt_tokens: 88, completion_tokens: 41, total_tokens: 129, ...details(0, 0) },
    ),
    expected: { input: 88, output: 41, cachedInput: 0, reasoningOutput: 0, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, forced tool call that ends with `stop`',
    source: 'https://platform.openai.com/docs/guides/function-calling#tool-choice',
    api: 'openai-chat',
    whole: completion(
      [
        {
          index: 0,
          message: message(null, {
            tool_calls: [
              { id: 'call_F9', type: 'function', function: { name: 'save_note', arguments: '{"text":"call Ana"}' } },
            ],
          }),
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      { prompt_tokens: 73, completion_tokens: 9, total_tokens: 82 },
    ),
    expected: { input: 73, output: 9, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, legacy function call',
    source: 'https://platform.openai.com/docs/api-reference/chat/object',
    api: 'openai-chat',
    whole: completion(
      [
        {
          index: 0,
          message: { role: 'assistant', content: null, function_call: { name: 'get_tide', arguments: '{}' } },
          finish_reason: 'function_call',
        },
      ],
      { prompt_tokens: 52, completion_tokens: 11, total_tokens: 63 },
    ),
    expected: { input: 52, output: 11, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, refusal',
    source: 'https://platform.openai.com/docs/guides/structured-outputs#refusals',
    api: 'openai-chat',
    whole: completion(
      [
        {
          index: 0,
          message: message(null, { refusal: "I can't help with that request." }),
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      { prompt_tokens: 81, completion_tokens: 10, total_tokens: 91, ...details(0, 0) },
    ),
    expected: { input: 81, output: 10, cachedInput: 0, reasoningOutput: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, content filter',
    source,
    api: 'openai-chat',
    whole: completion([{ index: 0, message: message(''), logprobs: null, finish_reason: 'content_filter' }], {
      prompt_tokens: 33,
      completion_tokens: 5,
      total_tokens: 38,
    }),
    expected: { input: 33, output: 5, finishReason: 'other' },
  },
  {
    name: 'whole, n: 2',
    source,
    api: 'openai-chat',
    whole: completion(
      [
        { index: 0, message: message('Heads.'), logprobs: null, finish_reason: 'stop' },
        { index: 1, message: message('Tails.'), logprobs: null, finish_reason: 'stop' },
      ],
      { prompt_tokens: 15, completion_tokens: 6, total_tokens: 21 },
    ),
    expected: { input: 15, output: 6, finishReason: 'stop' },
  },
  {
    name: 'whole, without a content type',
    source,
    api: 'openai-chat',
    contentType: null,
    whole: completion([{ index: 0, message: message('Yes.'), logprobs: null, finish_reason: 'stop' }], {
      prompt_tokens: 12,
      completion_tokens: 2,
      total_tokens: 14,
    }),
    expected: { input: 12, output: 2, finishReason: 'stop' },
  },
];

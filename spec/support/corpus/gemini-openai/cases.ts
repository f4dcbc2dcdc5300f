import type { CorpusCase } from '../corpus-case.js';

const source = 'https://ai.google.dev/gemini-api/docs/openai';
const toolCalls = 'https://github.com/googleapis/python-genai/issues/2868';

const base = { created: 1764211000, id: 'mPooaZDrJ9W', model: 'gemini-2.5-flash' };

const chunk = (choices: readonly object[], more: object = {}) => ({
  choices,
  ...base,
  object: 'chat.completion.chunk',
  ...more,
});

const choice = (delta: object, end: object = {}) => ({ delta: { role: 'assistant', ...delta }, index: 0, ...end });

const whole = (message: object, finishReason: string, usage: object) => ({
  choices: [{ finish_reason: finishReason, index: 0, message: { role: 'assistant', ...message } }],
  ...base,
  object: 'chat.completion',
  usage,
});

const usage = (input: number, output: number, thoughts = 0) => ({
  completion_tokens: output,
  prompt_tokens: input,
  total_tokens: input + output + thoughts,
});

const call = (id: string) => ({
  extra_content: { google: { thought_signature: 'CpsBAdHtim9' } },
  function: { arguments: '{"city":"Graz"}', name: 'get_weather' },
  id,
  type: 'function',
});

/** Responses of Gemini's OpenAI-compatible endpoint. */
export const geminiOpenai: readonly CorpusCase[] = [
  {
    name: 'whole',
    source,
    api: 'openai-chat',
    whole: whole({ content: 'Snow.' }, 'stop', usage(11, 2)),
    expected: { input: 11, output: 2, finishReason: 'stop' },
  },
  {
    name: 'whole, thoughts count in total_tokens only',
    source: 'https://ai.google.dev/gemini-api/docs/openai#thinking',
    api: 'openai-chat',
    whole: whole({ content: 'Snow by noon.' }, 'stop', usage(14, 5, 310)),
    expected: { input: 14, output: 5, finishReason: 'stop' },
  },
  {
    name: 'whole, length without content',
    source,
    api: 'openai-chat',
    whole: whole({}, 'length', usage(13, 0, 47)),
    expected: { input: 13, output: 0, finishReason: 'length' },
  },
  {
    name: 'whole, tool call that ends with `stop` and has an empty id',
    source: 'https://github.com/microsoft/autogen/issues/4878',
    api: 'openai-chat',
    whole: whole({ content: null, tool_calls: [call('')] }, 'stop', usage(52, 7)),
    expected: { input: 52, output: 7, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, tool call',
    source: toolCalls,
    api: 'openai-chat',
    whole: whole({ tool_calls: [call('function-call-71')] }, 'tool_calls', usage(58, 16, 60)),
    expected: { input: 58, output: 16, finishReason: 'tool_calls' },
  },
  {
    name: "whole, Gemini's own finish reason in capitals",
    source: 'https://github.com/HKUDS/Vibe-Trading/pull/308',
    api: 'openai-chat',
    whole: whole({}, 'SAFETY', usage(29, 0)),
    expected: { input: 29, output: 0, finishReason: 'other' },
  },
  {
    name: 'streamed, each chunk states the usage so far, finish_reason missing before the last chunk',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ content: 'Snow' })], { usage: usage(12, 1) }),
      chunk([choice({ content: ' by noon' })], { usage: usage(12, 3) }),
      chunk([choice({ content: '.' }, { finish_reason: 'stop' })], { usage: usage(12, 4) }),
    ],
    expected: { input: 12, output: 4, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, without usage, last chunk with an empty delta',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ content: 'Snow' }, { finish_reason: null })]),
      chunk([choice({}, { finish_reason: 'length' })]),
    ],
    expected: { finishReason: 'length', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'streamed, tool call in one chunk, `stop` in the next',
    source: toolCalls,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ tool_calls: [{ index: 0, ...call('function-call-72') }] })], { usage: usage(61, 15) }),
      chunk([choice({ content: '' }, { finish_reason: 'stop' })], { usage: usage(61, 17) }),
    ],
    expected: { input: 61, output: 17, finishReason: 'tool_calls', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: '400, the error in a list',
    source: 'https://github.com/google-gemini/gemini-cli/issues/14438',
    api: 'openai-chat',
    status: 400,
    whole: [{ error: { code: 400, message: 'Request contains an invalid argument.', status: 'INVALID_ARGUMENT' } }],
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '429, the error in a list, with details',
    source: 'https://ai.google.dev/gemini-api/docs/rate-limits',
    api: 'openai-chat',
    status: 429,
    whole: [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '31s' }],
        },
      },
    ],
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: '503, overloaded',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
    api: 'openai-chat',
    status: 503,
    whole: [{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }],
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];

import type { CorpusCase } from '../corpus-case.js';

const source = 'https://openrouter.ai/docs/api-reference/errors';
const streaming = 'https://openrouter.ai/docs/api-reference/streaming';

const base = { id: 'gen-1764210500-cZa6', provider: 'Together', model: 'qwen/qwen3-32b', created: 1764210500 };

const chunk = (choices: readonly object[], more: object = {}) => ({
  ...base,
  object: 'chat.completion.chunk',
  choices,
  ...more,
});

const text = chunk([
  { index: 0, delta: { role: 'assistant', content: 'South' }, finish_reason: null, native_finish_reason: null },
]);

/** Errors of OpenRouter. */
export const errors: readonly CorpusCase[] = [
  {
    name: 'streamed, an error chunk with finish reason `error`',
    source: streaming,
    api: 'openai-chat',
    chunks: [
      text,
      chunk([{ index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: null }], {
        error: { code: 502, message: 'Provider disconnected unexpectedly' },
      }),
    ],
    expected: { finishReason: 'error', error: 'ModelServerError', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'streamed, an error without choices',
    source: streaming,
    api: 'openai-chat',
    chunks: [text, { error: { code: 429, message: 'Rate limit exceeded upstream' }, user_id: 'user_2x' }],
    doneMark: false,
    expected: { finishReason: 'error', error: 'ModelProtocolError', firstOutput: 0 },
  },
  {
    name: 'whole, an error in the choice with status 200',
    source: 'https://openrouter.ai/docs/api-reference/overview',
    api: 'openai-chat',
    whole: {
      ...base,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          error: { code: 502, message: 'Upstream error from Together' },
          finish_reason: 'error',
          native_finish_reason: 'error',
          message: { role: 'assistant', content: 'South' },
        },
      ],
      usage: { prompt_tokens: 64, completion_tokens: 1, total_tokens: 65 },
    },
    expected: { input: 64, output: 1, finishReason: 'error', error: 'ModelServerError' },
  },
  {
    name: 'whole, an error object with status 200',
    source,
    api: 'openai-chat',
    whole: {
      error: { message: 'Provider returned error', code: 524, metadata: { provider_name: 'Together', raw: 'timeout' } },
    },
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: '402, insufficient credits',
    source,
    api: 'openai-chat',
    status: 402,
    whole: { error: { code: 402, message: 'Insufficient credits. Add more to continue.' } },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '403, flagged by moderation',
    source,
    api: 'openai-chat',
    status: 403,
    whole: {
      error: {
        code: 403,
        message: 'Input was flagged',
        metadata: { reasons: ['violence'], flagged_input: 'how to…', provider_name: 'OpenAI', model_slug: 'x' },
      },
    },
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '404, no endpoint for the model',
    source,
    api: 'openai-chat',
    status: 404,
    whole: { error: { code: 404, message: 'No endpoints found for qwen/qwen9.' } },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: '502, the provider is down',
    source,
    api: 'openai-chat',
    status: 502,
    whole: { error: { code: 502, message: 'Provider returned an invalid response', metadata: {} } },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];

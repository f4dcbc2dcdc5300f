import type { CorpusCase } from '../corpus-case.js';

const source = 'https://docs.mistral.ai/api/endpoint/chat';
const reasoning = 'https://docs.mistral.ai/capabilities/reasoning/';

const chunk = (delta: object, finishReason: string | null = null, more: object = {}) => ({
  id: '7d2e0f5b9c',
  object: 'chat.completion.chunk',
  created: 1764208000,
  model: 'mistral-medium-2508',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
  ...more,
});

const whole = (message: object, finishReason: string, usage: object) => ({
  id: '7d2e0f5b9a',
  object: 'chat.completion',
  created: 1764208001,
  model: 'mistral-medium-2508',
  usage,
  choices: [{ index: 0, message: { role: 'assistant', tool_calls: null, ...message }, finish_reason: finishReason }],
});

const usage = (input: number, output: number, more: object = {}) => ({
  prompt_tokens: input,
  total_tokens: input + output,
  completion_tokens: output,
  ...more,
});

const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
const call = {
  id: 'vX3kQ9aLm',
  type: 'function',
  function: { name: 'find_train', arguments: '{"to":"Lyon"}' },
  index: 0,
};
const role = chunk({ role: 'assistant', content: '' });

/** Responses of Mistral's API. */
export const mistral: readonly CorpusCase[] = [
  {
    name: 'whole, cached input',
    source: 'https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching',
    api: 'openai-chat',
    whole: whole(
      { content: 'At nine.' },
      'stop',
      usage(805, 3, { prompt_tokens_details: { cached_tokens: 768 }, num_cached_tokens: 768 }),
    ),
    expected: { input: 805, output: 3, cachedInput: 768, finishReason: 'stop' },
  },
  {
    name: 'whole, thinking and text as a list of content chunks',
    source: reasoning,
    api: 'openai-chat',
    whole: whole(
      { content: [thinking('Trains leave hourly.'), { type: 'text', text: 'At nine.' }] },
      'stop',
      usage(12, 96),
    ),
    expected: { input: 12, output: 96, finishReason: 'stop' },
  },
  {
    name: 'whole, end of the context of the model',
    source,
    api: 'openai-chat',
    whole: whole({ content: 'At nine, at' }, 'model_length', usage(131060, 12)),
    expected: { input: 131060, output: 12, finishReason: 'length' },
  },
  {
    name: 'whole, tool call with empty content',
    source: 'https://docs.mistral.ai/capabilities/function_calling/',
    api: 'openai-chat',
    whole: whole({ content: '', tool_calls: [call] }, 'tool_calls', usage(92, 27)),
    expected: { input: 92, output: 27, finishReason: 'tool_calls' },
  },
  {
    name: 'streamed, usage in the chunk with the finish reason',
    source,
    api: 'openai-chat',
    chunks: [
      role,
      chunk({ content: 'At' }, null, { p: 'abcdefgh' }),
      chunk({ content: ' nine' }),
      chunk({ content: '.' }, 'stop', { usage: usage(17, 5) }),
    ],
    expected: { input: 17, output: 5, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, thinking as a list of content chunks, then text as a string',
    source: 'https://github.com/BerriAI/litellm/issues/16272',
    api: 'openai-chat',
    chunks: [
      role,
      chunk({ content: '' }),
      chunk({ content: [thinking('Trains')] }),
      chunk({ content: [thinking(' leave')] }),
      chunk({ content: 'At nine.' }),
      chunk({ content: '' }, 'length', { usage: usage(11, 40) }),
    ],
    expected: { input: 11, output: 40, finishReason: 'length', firstOutput: 2, lastChunk: 5 },
  },
  {
    name: 'streamed, tool call, finish reason and usage in one chunk',
    source: 'https://docs.mistral.ai/capabilities/function_calling/',
    api: 'openai-chat',
    chunks: [role, chunk({ content: '', tool_calls: [call] }, 'tool_calls', { usage: usage(94, 26) })],
    expected: { input: 94, output: 26, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 1 },
  },
  {
    name: 'streamed, finish reason `error`',
    source,
    api: 'openai-chat',
    chunks: [role, chunk({ content: 'At' }), chunk({ content: '' }, 'error', { usage: usage(18, 1) })],
    expected: {
      input: 18,
      output: 1,
      finishReason: 'error',
      error: 'ModelServerError',
      firstOutput: 1,
      lastChunk: 2,
    },
  },
  {
    name: 'embeddings, usage states zero output tokens',
    source: 'https://docs.mistral.ai/api/endpoint/embeddings',
    api: 'openai-embeddings',
    whole: {
      id: '7d2e0f5b91',
      object: 'list',
      data: [{ object: 'embedding', embedding: [-0.0165, 0.0701, 0.0315], index: 0 }],
      model: 'mistral-embed',
      usage: usage(15, 0),
    },
    expected: { input: 15, output: 0, finishReason: 'stop' },
  },
  {
    name: '401, the reason under `detail`',
    source,
    api: 'openai-chat',
    status: 401,
    whole: { detail: 'Unauthorized' },
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '422, a list of problems under `message.detail`',
    source,
    api: 'openai-chat',
    status: 422,
    whole: {
      object: 'error',
      message: { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: {} }] },
      type: 'invalid_request_error',
      param: null,
      code: null,
      raw_status_code: 422,
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '429, error fields at the top level',
    source,
    api: 'openai-chat',
    status: 429,
    whole: {
      object: 'error',
      message: 'Service tier capacity exceeded for this model.',
      type: 'service_tier_capacity_exceeded',
      param: null,
      code: '3505',
    },
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
];

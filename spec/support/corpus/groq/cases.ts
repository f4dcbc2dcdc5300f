import type { CorpusCase } from '../corpus-case.js';

const source = 'https://console.groq.com/docs/api-reference#chat-create';
const errors = 'https://console.groq.com/docs/errors';

const base = { created: 1764207000, id: 'chatcmpl-gq-5e21', model: 'llama-3.3-70b-versatile' };

const chunk = (choices: readonly object[], more: object = {}) => ({
  ...base,
  object: 'chat.completion.chunk',
  system_fingerprint: 'fp_3f3b593e33',
  choices,
  ...more,
});

const choice = (delta: object, finishReason: string | null = null) => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});

/** Usage with times in seconds. */
const usage = (input: number, output: number, more: object = {}) => ({
  queue_time: 0.0712,
  prompt_tokens: input,
  prompt_time: 0.0064,
  completion_tokens: output,
  completion_time: 0.1153,
  total_tokens: input + output,
  total_time: 0.1217,
  ...more,
});

const first = chunk([choice({ role: 'assistant', content: '' })], { x_groq: { id: 'req_01ka7' } });

const toolUseFailed = {
  error: {
    message: "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
    type: 'invalid_request_error',
    code: 'tool_use_failed',
    failed_generation: '<function=pick{"colour": "red"}</function>',
    status_code: 400,
  },
};

/** Responses of Groq. */
export const groq: readonly CorpusCase[] = [
  {
    name: 'whole, usage with times',
    source,
    api: 'openai-chat',
    whole: {
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Green.' }, logprobs: null, finish_reason: 'stop' }],
      usage: usage(43, 4),
      usage_breakdown: null,
      system_fingerprint: 'fp_3f3b593e33',
      x_groq: { id: 'req_01ka5' },
      service_tier: 'on_demand',
    },
    expected: { input: 43, output: 4, finishReason: 'stop' },
  },
  {
    name: 'whole, reasoning field, cached input and reasoning tokens',
    source: 'https://console.groq.com/docs/prompt-caching',
    api: 'openai-chat',
    whole: {
      ...base,
      model: 'openai/gpt-oss-120b',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Green.', reasoning: 'Blue and yellow.' },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: usage(4641, 187, {
        prompt_tokens_details: { cached_tokens: 4608 },
        completion_tokens_details: { reasoning_tokens: 171 },
      }),
      x_groq: { id: 'req_01ka6' },
    },
    expected: { input: 4641, output: 187, cachedInput: 4608, reasoningOutput: 171, finishReason: 'stop' },
  },
  {
    name: 'streamed, usage in x_groq of the chunk with the finish reason',
    source: 'https://github.com/vercel/ai/issues/1651',
    api: 'openai-chat',
    chunks: [
      first,
      chunk([choice({ content: 'Gre' })]),
      chunk([choice({ content: 'en' })]),
      chunk([choice({}, 'stop')], { x_groq: { id: 'req_01ka7', usage: usage(24, 18) } }),
    ],
    expected: { input: 24, output: 18, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, include_usage: usage in x_groq and in a chunk without choices',
    source: 'https://github.com/Portkey-AI/gateway/issues/1338',
    api: 'openai-chat',
    chunks: [
      first,
      chunk([choice({ content: 'Green' })]),
      chunk([choice({}, 'length')], { x_groq: { id: 'req_01ka7', usage: usage(10, 3) } }),
      chunk([], { usage: usage(10, 3) }),
    ],
    expected: { input: 10, output: 3, finishReason: 'length', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, reasoning, empty list of tool calls in each delta',
    source: 'https://console.groq.com/docs/reasoning',
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant', content: '', tool_calls: [] })], { x_groq: { id: 'req_01kb1' } }),
      chunk([choice({ reasoning: 'Mix', channel: 'analysis', tool_calls: [] })]),
      chunk([choice({ content: 'Green', tool_calls: [] })]),
      chunk([choice({}, 'stop')], {
        x_groq: { id: 'req_01kb1', usage: usage(79, 38, { completion_tokens_details: { reasoning_tokens: 29 } }) },
      }),
    ],
    expected: { input: 79, output: 38, reasoningOutput: 29, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, the whole tool call in one chunk',
    source: 'https://console.groq.com/docs/tool-use',
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant', content: null })], { x_groq: { id: 'req_01kb2' } }),
      chunk([
        choice({
          tool_calls: [
            { index: 0, id: 'call_gq1', type: 'function', function: { name: 'pick', arguments: '{"colour":"red"}' } },
          ],
        }),
      ]),
      chunk([choice({}, 'tool_calls')], { x_groq: { id: 'req_01kb2', usage: usage(267, 15) } }),
    ],
    expected: { input: 267, output: 15, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, an `error` event in place of the rest',
    source: 'https://github.com/tensorzero/tensorzero/pull/1893',
    api: 'openai-chat',
    chunks: [first, toolUseFailed],
    body: `data: ${JSON.stringify(first)}\n\nevent: error\ndata: ${JSON.stringify(toolUseFailed)}\n\n`,
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: '400, the model wrote a tool call that cannot be parsed',
    source: 'https://github.com/groq/groq-typescript/issues/28',
    api: 'openai-chat',
    status: 400,
    whole: toolUseFailed,
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '429, tokens per minute',
    source: errors,
    api: 'openai-chat',
    status: 429,
    whole: {
      error: {
        message: 'Rate limit reached for model `llama-3.3-70b-versatile` on tokens per minute (TPM): Limit 12000.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: '498, flex tier over capacity',
    source: errors,
    api: 'openai-chat',
    status: 498,
    whole: { error: { message: 'Flex tier capacity exceeded.', type: 'capacity_exceeded' } },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

import type { CorpusCase } from '../corpus-case.js';

const protocol = 'https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/entrypoints/openai/protocol.py';
const serving = 'https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/entrypoints/openai/serving_chat.py';

const base = { id: 'b7c0d6f2a1', created: 1764203000, model: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B' };
const metadata = { weight_version: 'default' };

const chunk = (choices: readonly object[], usage: object | null = null) => ({
  ...base,
  object: 'chat.completion.chunk',
  choices,
  usage,
});

const choice = (delta: object, finishReason: string | null = null, matchedStop: number | string | null = null) => ({
  index: 0,
  delta: { role: null, content: null, reasoning_content: null, tool_calls: null, ...delta },
  logprobs: null,
  finish_reason: finishReason,
  matched_stop: matchedStop,
});

const role = choice({ role: 'assistant', content: '' });

const whole = (message: object, finishReason: string, matchedStop: number | string | null, usage: object) => ({
  ...base,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, reasoning_content: null, tool_calls: null, ...message },
      logprobs: null,
      finish_reason: finishReason,
      matched_stop: matchedStop,
    },
  ],
  usage,
  metadata,
});

/** Responses of SGLang's OpenAI-compatible server. */
export const sglang: readonly CorpusCase[] = [
  {
    name: 'whole, cached input, matched_stop is a token',
    source: protocol,
    api: 'openai-chat',
    whole: whole({ content: 'It rains.' }, 'stop', 151645, {
      prompt_tokens: 412,
      total_tokens: 417,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 384 },
      reasoning_tokens: 0,
    }),
    expected: { input: 412, output: 5, cachedInput: 384, reasoningOutput: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, reasoning tokens at the top level of usage',
    source: 'https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/entrypoints/openai/usage_processor.py',
    api: 'openai-chat',
    whole: whole({ content: '42', reasoning_content: 'Six times seven.' }, 'stop', 151645, {
      prompt_tokens: 18,
      total_tokens: 95,
      completion_tokens: 77,
      prompt_tokens_details: null,
      reasoning_tokens: 70,
    }),
    expected: { input: 18, output: 77, reasoningOutput: 70, finishReason: 'stop' },
  },
  {
    name: 'whole, tool call',
    source: 'https://docs.sglang.ai/advanced_features/tool_parser.html',
    api: 'openai-chat',
    whole: whole(
      {
        tool_calls: [
          { id: 'call_e41', index: 0, type: 'function', function: { name: 'rain', arguments: '{"city": "Rio"}' } },
        ],
      },
      'tool_calls',
      null,
      { prompt_tokens: 205, total_tokens: 228, completion_tokens: 23, prompt_tokens_details: null },
    ),
    expected: { input: 205, output: 23, finishReason: 'tool_calls' },
  },
  {
    name: 'streamed, usage in the last chunk, nulls in each delta',
    source: serving,
    api: 'openai-chat',
    chunks: [
      chunk([role]),
      chunk([choice({ reasoning_content: 'Clouds' })]),
      chunk([choice({ content: 'It rains' })]),
      chunk([choice({ content: '.' })]),
      chunk([choice({}, 'stop', '</s>')]),
      chunk([], { prompt_tokens: 22, total_tokens: 31, completion_tokens: 9, prompt_tokens_details: null }),
    ],
    expected: { input: 22, output: 9, finishReason: 'stop', firstOutput: 1, lastChunk: 4 },
  },
  {
    name: 'streamed, length, without usage',
    source: serving,
    api: 'openai-chat',
    chunks: [chunk([role]), chunk([choice({ content: 'It' })]), chunk([choice({}, 'length')])],
    expected: { finishReason: 'length', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, tool call',
    source: serving,
    api: 'openai-chat',
    chunks: [
      chunk([role]),
      chunk([
        choice({
          tool_calls: [{ id: 'call_e42', index: 0, type: 'function', function: { name: 'rain', arguments: '' } }],
        }),
      ]),
      chunk([
        choice({
          tool_calls: [{ id: null, index: 0, type: 'function', function: { name: null, arguments: '{"city":"Rio"}' } }],
        }),
      ]),
      chunk([choice({}, 'tool_calls')]),
    ],
    expected: { finishReason: 'tool_calls', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, aborted by the server',
    source: protocol,
    api: 'openai-chat',
    chunks: [chunk([role]), chunk([choice({ content: 'It' })]), chunk([choice({}, 'abort')])],
    expected: { finishReason: 'cancelled', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, an error in place of the rest, then [DONE]',
    source: serving,
    api: 'openai-chat',
    chunks: [
      chunk([role]),
      {
        error: {
          object: 'error',
          message: 'The request queue is full.',
          type: 'SERVICE_UNAVAILABLE',
          param: null,
          code: 503,
        },
      },
    ],
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: '400, error fields at the top level',
    source: 'https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/entrypoints/openai/serving_base.py',
    api: 'openai-chat',
    status: 400,
    whole: {
      object: 'error',
      message: 'The input (9120 tokens) is longer than the context length (8192 tokens).',
      type: 'BadRequest',
      param: null,
      code: 400,
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

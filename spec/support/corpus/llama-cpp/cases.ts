import type { CorpusCase } from '../corpus-case.js';

const readme = 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md';
const task = 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-task.cpp';
const common = 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-common.cpp';

const base = {
  created: 1764204000,
  id: 'chatcmpl-Q3vN8yTnE1',
  model: 'qwen3-4b-q4_k_m.gguf',
  system_fingerprint: 'b7120-2f2f0a1c',
};

const chunk = (choices: readonly object[], more: object = {}) => ({
  choices,
  ...base,
  object: 'chat.completion.chunk',
  ...more,
});

const choice = (delta: object, finishReason: string | null = null) => ({
  finish_reason: finishReason,
  index: 0,
  delta,
});

const role = chunk([choice({ role: 'assistant', content: null })]);

const prompted = (tokens: number, milliseconds: number) => ({
  prompt_n: tokens,
  prompt_ms: milliseconds,
  prompt_per_token_ms: milliseconds / tokens,
  prompt_per_second: (1000 * tokens) / milliseconds,
});

const predicted = (tokens: number, milliseconds: number) => ({
  predicted_n: tokens,
  predicted_ms: milliseconds,
  predicted_per_token_ms: milliseconds / tokens,
  predicted_per_second: (1000 * tokens) / milliseconds,
});

/** Responses of llama.cpp's server. */
export const llamaCpp: readonly CorpusCase[] = [
  {
    name: 'whole, usage and timings',
    source: task,
    api: 'openai-chat',
    whole: {
      choices: [{ finish_reason: 'stop', index: 0, message: { role: 'assistant', content: 'Granite.' } }],
      ...base,
      object: 'chat.completion',
      usage: { completion_tokens: 4, prompt_tokens: 57, total_tokens: 61 },
      timings: { cache_n: 43, ...prompted(14, 87.5), ...predicted(4, 61) },
    },
    expected: { input: 57, output: 4, cachedInput: 43, finishReason: 'stop' },
  },
  {
    name: 'whole, usage with cached tokens',
    source: task,
    api: 'openai-chat',
    whole: {
      choices: [
        {
          finish_reason: 'length',
          index: 0,
          message: { role: 'assistant', reasoning_content: 'A rock that', content: '' },
        },
      ],
      ...base,
      object: 'chat.completion',
      usage: {
        completion_tokens: 16,
        prompt_tokens: 70,
        total_tokens: 86,
        prompt_tokens_details: { cached_tokens: 64 },
      },
      timings: { cache_n: 64, ...prompted(6, 33), ...predicted(16, 240) },
    },
    expected: { input: 70, output: 16, cachedInput: 64, finishReason: 'length' },
  },
  {
    name: 'streamed without usage, timings in the last chunk',
    source: readme,
    api: 'openai-chat',
    chunks: [
      role,
      chunk([choice({ content: 'Gran' })]),
      chunk([choice({ content: 'ite' })]),
      chunk([choice({}, 'stop')], { timings: { cache_n: 236, ...prompted(12, 70.2), ...predicted(35, 661.1) } }),
    ],
    expected: { input: 248, output: 35, cachedInput: 236, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed without usage, timings without cache_n as before August 2025',
    source: 'https://github.com/ggml-org/llama.cpp/blob/b5000/examples/server/server.cpp',
    api: 'openai-chat',
    chunks: [
      role,
      chunk([choice({ content: 'Basalt' })]),
      chunk([choice({}, 'length')], { timings: { ...prompted(31, 155), ...predicted(8, 104) } }),
    ],
    expected: { input: 31, output: 8, finishReason: 'length', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, usage and timings in a chunk after the finish reason',
    source: task,
    api: 'openai-chat',
    chunks: [
      role,
      chunk([choice({ reasoning_content: 'Igneous' })]),
      chunk([choice({ content: 'Granite' })]),
      chunk([choice({}, 'stop')]),
      chunk([], {
        usage: { completion_tokens: 13, prompt_tokens: 44, total_tokens: 57 },
        timings: { cache_n: 0, ...prompted(44, 210), ...predicted(13, 169) },
      }),
    ],
    expected: { input: 44, output: 13, cachedInput: 0, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, timings_per_token: each chunk states the timings so far',
    source: readme,
    api: 'openai-chat',
    chunks: [
      role,
      ...['Gran', 'ite'].map((content, index) =>
        chunk([choice({ content })], {
          timings: { cache_n: 5, ...prompted(20, 98), ...predicted(index + 1, 17 * (index + 1)) },
        }),
      ),
      chunk([choice({}, 'stop')], { timings: { cache_n: 5, ...prompted(20, 98), ...predicted(3, 51) } }),
    ],
    expected: { input: 25, output: 3, cachedInput: 5, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, return_progress: chunks with the progress of the prompt',
    source: readme,
    api: 'openai-chat',
    chunks: [
      role,
      chunk([choice({ role: 'assistant', content: null })], {
        prompt_progress: { total: 900, cache: 100, processed: 512, time_ms: 350 },
      }),
      chunk([choice({ role: 'assistant', content: null })], {
        prompt_progress: { total: 900, cache: 100, processed: 900, time_ms: 690 },
      }),
      chunk([choice({ content: 'Slate' })]),
      chunk([choice({}, 'stop')], { timings: { cache_n: 100, ...prompted(800, 690), ...predicted(2, 29) } }),
    ],
    expected: { input: 900, output: 2, cachedInput: 100, finishReason: 'stop', firstOutput: 3, lastChunk: 4 },
  },
  {
    name: 'streamed, tool call',
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/docs/function-calling.md',
    api: 'openai-chat',
    chunks: [
      role,
      chunk([
        choice({
          tool_calls: [{ index: 0, id: 'wKcZ81', type: 'function', function: { name: 'hardness', arguments: '' } }],
        }),
      ]),
      chunk([choice({ tool_calls: [{ index: 0, function: { arguments: '{"rock":"slate"}' } }] })]),
      chunk([choice({}, 'tool_calls')], { timings: { cache_n: 1, ...prompted(188, 610), ...predicted(19, 280) } }),
    ],
    expected: { input: 189, output: 19, cachedInput: 1, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'whole completion',
    source: task,
    api: 'openai-completions',
    whole: {
      choices: [{ text: ' is a rock.', index: 0, logprobs: null, finish_reason: 'stop' }],
      ...base,
      object: 'text_completion',
      usage: { completion_tokens: 5, prompt_tokens: 3, total_tokens: 8 },
      timings: { cache_n: 0, ...prompted(3, 21), ...predicted(5, 66) },
    },
    expected: { input: 3, output: 5, cachedInput: 0, finishReason: 'stop' },
  },
  {
    name: '503, the model is loading',
    source: common,
    api: 'openai-chat',
    status: 503,
    whole: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
  {
    name: '400, input over the context size, with counts in the error',
    source: task,
    api: 'openai-chat',
    status: 400,
    whole: {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5120,
        n_ctx: 4096,
      },
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

import type { CorpusCase } from '../corpus-case.js';

const rest = 'https://lmstudio.ai/docs/developer/rest/endpoints';
const compatible = 'https://lmstudio.ai/docs/developer/openai-compat/chat-completions';

const about = {
  model_info: { arch: 'granite', quant: 'Q4_K_M', format: 'gguf', context_length: 4096 },
  runtime: { name: 'llama.cpp-linux-x86_64-avx2', version: '1.52.0', supported_formats: ['gguf'] },
};

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'chatcmpl-lm8x31',
  object: 'chat.completion.chunk',
  created: 1764205000,
  model: 'granite-3.0-2b-instruct',
  system_fingerprint: 'granite-3.0-2b-instruct',
  choices,
  ...more,
});

const choice = (delta: object, finishReason: string | null = null) => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});

const noContext = {
  error: { message: 'The number of tokens to keep from the initial prompt is greater than the context length.' },
  message: 'The number of tokens to keep from the initial prompt is greater than the context length.',
};

/** Responses of LM Studio's server. */
export const lmStudio: readonly CorpusCase[] = [
  {
    name: 'whole, stats of the REST API',
    source: rest,
    api: 'openai-chat',
    whole: {
      id: 'chatcmpl-lm8x30',
      object: 'chat.completion',
      created: 1764205001,
      model: 'granite-3.0-2b-instruct',
      choices: [
        { index: 0, logprobs: null, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello there.' } },
      ],
      usage: { prompt_tokens: 26, completion_tokens: 49, total_tokens: 75 },
      stats: {
        tokens_per_second: 48.2,
        time_to_first_token: 0.121,
        generation_time: 1.016,
        stop_reason: 'eosFound',
      },
      ...about,
    },
    expected: { input: 26, output: 49, finishReason: 'stop' },
  },
  {
    name: 'whole completion, length, stats of the REST API',
    source: rest,
    api: 'openai-completions',
    whole: {
      id: 'cmpl-lm8x32',
      object: 'text_completion',
      created: 1764205002,
      model: 'granite-3.0-2b-instruct',
      choices: [{ index: 0, text: ' a long', logprobs: null, finish_reason: 'length' }],
      usage: { prompt_tokens: 6, completion_tokens: 10, total_tokens: 16 },
      stats: {
        tokens_per_second: 57.6,
        time_to_first_token: 0.3,
        generation_time: 0.17,
        stop_reason: 'maxPredictedTokensReached',
      },
      ...about,
    },
    expected: { input: 6, output: 10, finishReason: 'length' },
  },
  {
    name: 'whole, speculative decoding and reasoning tokens',
    source: 'https://lmstudio.ai/docs/app/advanced/speculative-decoding',
    api: 'openai-chat',
    whole: {
      id: 'chatcmpl-lm8x33',
      object: 'chat.completion',
      created: 1764205003,
      model: 'openai/gpt-oss-20b',
      choices: [
        {
          index: 0,
          logprobs: null,
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'Blue.', reasoning: 'Sky colour.', tool_calls: [] },
        },
      ],
      usage: {
        prompt_tokens: 71,
        completion_tokens: 34,
        total_tokens: 105,
        completion_tokens_details: { reasoning_tokens: 28 },
      },
      stats: {
        draft_model: 'qwen3-0.6b',
        total_draft_tokens_count: 30,
        accepted_draft_tokens_count: 19,
        rejected_draft_tokens_count: 8,
        ignored_draft_tokens_count: 3,
      },
    },
    expected: { input: 71, output: 34, reasoningOutput: 28, finishReason: 'stop' },
  },
  {
    name: 'whole, embeddings whose usage states zero tokens',
    source: rest,
    api: 'openai-embeddings',
    whole: {
      object: 'list',
      data: [{ object: 'embedding', embedding: [-0.0161, 0.0287, -0.1409], index: 0 }],
      model: 'text-embedding-nomic-embed-text-v1.5@q4_k_m',
      usage: { prompt_tokens: 0, total_tokens: 0 },
    },
    expected: { input: 0, finishReason: 'stop' },
  },
  {
    name: 'streamed without usage, `content` missing in the first chunk',
    source: compatible,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant' })]),
      chunk([choice({ role: 'assistant', content: 'Hello' })]),
      chunk([choice({ role: 'assistant', content: ' there' })]),
      chunk([choice({}, 'stop')]),
    ],
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, usage in the last chunk',
    source: compatible,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant', reasoning_content: 'Greet' })]),
      chunk([choice({ role: 'assistant', content: 'Hello' })]),
      chunk([choice({}, 'stop')]),
      chunk([], { usage: { prompt_tokens: 29, completion_tokens: 17, total_tokens: 46 } }),
    ],
    expected: { input: 29, output: 17, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, tool call, usage and stats in the last chunk with a choice',
    source: 'https://lmstudio.ai/docs/developer/openai-compat/tools',
    api: 'openai-chat',
    chunks: [
      chunk([
        choice({
          role: 'assistant',
          tool_calls: [{ index: 0, id: '365174485', type: 'function', function: { name: 'greet', arguments: '' } }],
        }),
      ]),
      chunk([choice({ tool_calls: [{ index: 0, function: { arguments: '{"name":"Ana"}' } }] })]),
      chunk([choice({}, 'tool_calls')], {
        usage: { prompt_tokens: 263, completion_tokens: 34, total_tokens: 297 },
        stats: { tokens_per_second: 60.1, stop_reason: 'toolCalls' },
      }),
    ],
    expected: { input: 263, output: 34, finishReason: 'tool_calls', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, an `error` event with status 200',
    source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/2322',
    api: 'openai-chat',
    chunks: [noContext],
    body: `event: error\ndata: ${JSON.stringify(noContext)}\n\n`,
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: '400, error that is a string',
    source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/546',
    api: 'openai-chat',
    status: 400,
    whole: { error: 'Trying to keep the first 9004 tokens when context the overflows.' },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '404, unknown model',
    source: compatible,
    api: 'openai-chat',
    status: 404,
    whole: {
      error: {
        message: 'Model with key "granite-9" not found.',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
];

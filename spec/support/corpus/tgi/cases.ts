import type { CorpusCase } from '../corpus-case.js';

const source = 'https://github.com/huggingface/text-generation-inference/pull/2344';
const completions = 'https://github.com/huggingface/text-generation-inference/pull/2336';
const done = 'https://github.com/huggingface/text-generation-inference/pull/2221';

const base = {
  id: '',
  created: 1764212000,
  model: 'mistralai/Mistral-7B-Instruct-v0.3',
  system_fingerprint: '2.2.0-native',
};

const chunk = (delta: object, finishReason: string | null = null) => ({
  object: 'chat.completion.chunk',
  ...base,
  choices: [{ index: 0, delta: { role: 'assistant', ...delta }, logprobs: null, finish_reason: finishReason }],
});

const completion = (text: string, finishReason: string, usage?: object) => ({
  object: 'text_completion',
  ...base,
  choices: [{ index: 0, text, logprobs: null, finish_reason: finishReason }],
  ...(usage && { usage }),
});

/** Responses of Text Generation Inference, mostly of version 2.2 and earlier. */
export const tgi: readonly CorpusCase[] = [
  {
    name: 'whole, finish reason `eos_token`',
    source,
    api: 'openai-chat',
    whole: {
      object: 'chat.completion',
      ...base,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hugs.' },
          logprobs: null,
          finish_reason: 'eos_token',
        },
      ],
      usage: { prompt_tokens: 34, completion_tokens: 5, total_tokens: 39 },
    },
    expected: { input: 34, output: 5, finishReason: 'stop' },
  },
  {
    name: 'whole, finish reason `stop_sequence`',
    source: 'https://github.com/huggingface/text-generation-inference/blob/v2.2.0/router/src/lib.rs',
    api: 'openai-chat',
    whole: {
      object: 'chat.completion',
      ...base,
      choices: [
        { index: 0, message: { role: 'assistant', content: 'One' }, logprobs: null, finish_reason: 'stop_sequence' },
      ],
      usage: { prompt_tokens: 21, completion_tokens: 2, total_tokens: 23 },
    },
    expected: { input: 21, output: 2, finishReason: 'stop' },
  },
  {
    name: 'streamed, finish reason `eos_token` with text in the last chunk, no [DONE], no usage',
    source: done,
    api: 'openai-chat',
    chunks: [chunk({ content: 'Hu' }), chunk({ content: 'gs' }), chunk({ content: '</s>' }, 'eos_token')],
    doneMark: false,
    expected: { finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, tool call as an object instead of a list, ends with `eos_token`',
    source:
      'https://github.com/huggingface/huggingface_hub/blob/v0.27.0/src/huggingface_hub/inference/_generated/types/chat_completion.py',
    api: 'openai-chat',
    chunks: [
      chunk({
        tool_calls: { index: 0, id: '', type: 'function', function: { name: null, arguments: '{"name": "hug"' } },
      }),
      chunk(
        { tool_calls: { index: 0, id: '', type: 'function', function: { name: null, arguments: '}' } } },
        'eos_token',
      ),
    ],
    doneMark: false,
    expected: { finishReason: 'tool_calls', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'streamed completion, an empty finish reason before the last chunk',
    source: completions,
    api: 'openai-completions',
    chunks: [
      completion('\n', ''),
      completion('Warm', ''),
      completion('.', 'length', { prompt_tokens: 13, completion_tokens: 3, total_tokens: 16 }),
    ],
    expected: { input: 13, output: 3, finishReason: 'length', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: '422, error that is a string',
    source: 'https://github.com/huggingface/text-generation-inference/blob/main/docs/openapi.json',
    api: 'openai-chat',
    status: 422,
    whole: { error: 'Input validation error: `inputs` must have less than 1024 tokens.', error_type: 'validation' },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '429, overloaded',
    source: 'https://github.com/huggingface/text-generation-inference/blob/main/docs/openapi.json',
    api: 'openai-chat',
    status: 429,
    whole: { error: 'Model is overloaded', error_type: 'overloaded' },
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
];

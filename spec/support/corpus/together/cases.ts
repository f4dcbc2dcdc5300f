import type { CorpusCase } from '../corpus-case.js';

const source = 'https://docs.together.ai/reference/chat-completions-1';
const eos = 'https://github.com/openai/openai-dotnet/pull/267';

const base = { created: 1764213000, id: 'oBUtQrM-62bZhn', model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo' };

/** Each choice contains the text twice, in the fields of both APIs. */
const chunk = (content: string, finishReason: string | null = null, usage: object | null = null) => ({
  ...base,
  object: 'chat.completion.chunk',
  choices: [
    {
      index: 0,
      text: content,
      seed: null,
      logprobs: null,
      finish_reason: finishReason,
      delta: { token_id: 791, role: 'assistant', content, tool_calls: null },
    },
  ],
  usage,
});

/** Responses of Together AI. */
export const together: readonly CorpusCase[] = [
  {
    name: 'whole, finish reason `eos`',
    source: eos,
    api: 'openai-chat',
    whole: {
      ...base,
      object: 'chat.completion',
      prompt: [],
      choices: [
        {
          index: 0,
          finish_reason: 'eos',
          seed: 9971034422,
          logprobs: null,
          message: { role: 'assistant', content: 'Sol.', tool_calls: [] },
        },
      ],
      usage: { prompt_tokens: 48, completion_tokens: 3, total_tokens: 51, cached_tokens: 32 },
    },
    expected: { input: 48, output: 3, cachedInput: 32, finishReason: 'stop' },
  },
  {
    name: 'streamed, finish reason `eos` and usage in the last chunk, `usage: null` before it',
    source: eos,
    api: 'openai-chat',
    chunks: [
      chunk('The'),
      chunk(' Sun'),
      chunk('', 'eos', { prompt_tokens: 47, completion_tokens: 22, total_tokens: 69, cached_tokens: 0 }),
    ],
    expected: { input: 47, output: 22, cachedInput: 0, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed completion with chunks that also have a delta',
    source,
    api: 'openai-completions',
    chunks: [
      { ...chunk(' blue'), object: 'completion.chunk' },
      {
        ...chunk('.', 'length', { prompt_tokens: 19, completion_tokens: 2, total_tokens: 21 }),
        object: 'completion.chunk',
      },
    ],
    expected: { input: 19, output: 2, finishReason: 'length', firstOutput: 0, lastChunk: 1 },
  },
];

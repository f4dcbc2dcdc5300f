import type { CorpusCase } from '../corpus-case.js';

const source = 'https://platform.openai.com/docs/api-reference/completions/object';

const completion = (choices: readonly object[], more: object = {}) => ({
  id: 'cmpl-Ck3f9',
  object: 'text_completion',
  created: 1764200310,
  model: 'gpt-3.5-turbo-instruct:20230824-v2',
  choices,
  ...more,
});

const choice = (text: string, finishReason: string | null = null, index = 0) => ({
  text,
  index,
  logprobs: null,
  finish_reason: finishReason,
});

/** Responses of OpenAI's legacy completions API. */
export const completions: readonly CorpusCase[] = [
  {
    name: 'whole, length',
    source,
    api: 'openai-completions',
    whole: completion([choice('\n\nThe fog came', 'length')], {
      usage: { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 },
    }),
    expected: { input: 6, output: 4, finishReason: 'length' },
  },
  {
    name: 'streamed, usage in the last chunk',
    source,
    api: 'openai-completions',
    chunks: [
      completion([choice('')], { usage: null }),
      completion([choice('The fog')], { usage: null }),
      completion([choice(' lifts.')], { usage: null }),
      completion([choice('', 'stop')], { usage: null }),
      completion([], { usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 } }),
    ],
    expected: { input: 7, output: 5, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, n: 2, without usage',
    source,
    api: 'openai-completions',
    chunks: [
      completion([choice('red', null, 0)]),
      completion([choice('blue', null, 1)]),
      completion([choice('', 'stop', 0)]),
      completion([choice('', 'stop', 1)]),
    ],
    expected: { finishReason: 'stop', firstOutput: 0, lastChunk: 3 },
  },
];

/** Responses of OpenAI's embeddings API. */
export const embeddings: readonly CorpusCase[] = [
  {
    name: 'whole, two vectors of numbers',
    source: 'https://platform.openai.com/docs/api-reference/embeddings/create',
    api: 'openai-embeddings',
    whole: {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.0132, -0.0271, 0.0054] },
        { object: 'embedding', index: 1, embedding: [-0.0087, 0.0416, 0.0009] },
      ],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 21, total_tokens: 21 },
    },
    expected: { input: 21, finishReason: 'stop' },
  },
  {
    name: 'whole, a base64 vector',
    source: 'https://platform.openai.com/docs/api-reference/embeddings/create',
    api: 'openai-embeddings',
    whole: {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: 'zczMPZqZmb6amZk+' }],
      model: 'text-embedding-3-large',
      usage: { prompt_tokens: 13, total_tokens: 13 },
    },
    expected: { input: 13, finishReason: 'stop' },
  },
];

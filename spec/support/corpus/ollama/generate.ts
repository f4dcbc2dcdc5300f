import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://github.com/ollama/ollama/blob/main/docs/api.md';
const types = 'https://github.com/ollama/ollama/blob/main/api/types.go';
const routes = 'https://github.com/ollama/ollama/blob/main/server/routes.go';

const chunk = { model: 'llama3.2', created_at: '2026-03-02T10:01:55.730018Z', done: false } as const;
const end = { model: 'llama3.2', created_at: '2026-03-02T10:01:56.244716Z', done: true } as const;

/** Responses of Ollama's `/api/generate`, `/api/embed` and `/api/embeddings`. */
export const ollamaGenerate: readonly CorpusCase[] = [
  {
    name: 'generate, whole, with context',
    source: documentation,
    api: 'ollama-generate',
    whole: {
      ...end,
      response: 'Granite is an igneous rock.',
      done_reason: 'stop',
      context: [128006, 882, 128007, 271, 3923, 374],
      total_duration: 1_204_991_420,
      load_duration: 31_208_877,
      prompt_eval_count: 26,
      prompt_eval_duration: 130_079_000,
      eval_count: 7,
      eval_duration: 259_460_000,
    },
    expected: { input: 26, output: 7, finishReason: 'stop' },
  },
  {
    name: 'generate, streamed, counts and context in the last line',
    source: documentation,
    api: 'ollama-generate',
    chunks: [
      { ...chunk, response: 'Granite' },
      { ...chunk, response: ' is' },
      {
        ...end,
        response: '',
        done_reason: 'stop',
        context: [128006, 882, 128007],
        total_duration: 10_706_818_083,
        load_duration: 6_338_219_291,
        prompt_eval_count: 23,
        prompt_eval_duration: 130_079_000,
        eval_count: 5,
        eval_duration: 4_232_710_000,
      },
    ],
    expected: { input: 23, output: 5, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'generate, streamed, thinking, last line with text and done',
    source: types,
    api: 'ollama-generate',
    chunks: [
      { ...chunk, response: '' },
      { ...chunk, response: '', thinking: 'Rock or mineral?' },
      { ...end, response: 'Rock', done_reason: 'length', prompt_eval_count: 13, eval_count: 6 },
    ],
    expected: { input: 13, output: 6, finishReason: 'length', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'generate, streamed, last line without done_reason',
    source: 'https://github.com/ollama/ollama/blob/main/llm/server.go',
    api: 'ollama-generate',
    chunks: [
      { ...chunk, response: 'Basalt' },
      { ...end, response: '', total_duration: 410_226_080, prompt_eval_count: 15, eval_count: 2 },
    ],
    expected: { input: 15, output: 2, finishReason: 'stop', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'generate, whole, empty prompt: loads the model',
    source: routes,
    api: 'ollama-generate',
    whole: { ...end, response: '', done_reason: 'load' },
    expected: { finishReason: 'other' },
  },
  {
    name: 'generate, keep_alive 0: unloads the model',
    source: routes,
    api: 'ollama-generate',
    whole: { ...end, response: '', done_reason: 'unload' },
    expected: { finishReason: 'other' },
  },
  {
    name: 'embed, two inputs, one count for both',
    source: documentation,
    api: 'ollama-embed',
    whole: {
      model: 'all-minilm',
      embeddings: [
        [0.010071029, -0.0017594862, 0.05007221],
        [-0.0098027075, 0.06042469, 0.025257962],
      ],
      total_duration: 14_143_917,
      load_duration: 1_019_500,
      prompt_eval_count: 11,
    },
    expected: { input: 11, finishReason: 'stop' },
  },
  {
    name: 'embed, empty input: no vectors and no count',
    source: routes,
    api: 'ollama-embed',
    whole: { model: 'all-minilm', embeddings: [] },
    expected: { finishReason: 'stop' },
  },
  {
    name: 'embeddings, the older endpoint: one vector and no count',
    source: documentation,
    api: 'ollama-embed',
    whole: { embedding: [0.5670403838157654, 0.009260174818336964, 0.23178744316101074] },
    expected: { finishReason: 'stop' },
  },
  {
    name: 'embed, input longer than the context of the model',
    source: routes,
    api: 'ollama-embed',
    status: 400,
    whole: { error: 'the input length exceeds the context length' },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

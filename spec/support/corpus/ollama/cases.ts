import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://github.com/ollama/ollama/blob/main/docs/api.md';
const errorDocumentation = 'https://github.com/ollama/ollama/blob/main/docs/api/errors.mdx';
const types = 'https://github.com/ollama/ollama/blob/main/api/types.go';
const routes = 'https://github.com/ollama/ollama/blob/main/server/routes.go';

const chunk = { model: 'qwen3:4b', created_at: '2026-03-02T09:14:07.402913Z', done: false } as const;
const end = { model: 'qwen3:4b', created_at: '2026-03-02T09:14:08.118402Z', done: true } as const;
/** If the model is already in memory, Ollama states a load duration of about 30 ms. */
const warm = { total_duration: 812_440_133, load_duration: 30_112_507 } as const;

/** Responses of Ollama's own API. Durations are in nanoseconds. */
export const ollama: readonly CorpusCase[] = [
  {
    name: 'chat, whole, warm model',
    source: documentation,
    api: 'ollama-chat',
    whole: {
      ...end,
      message: { role: 'assistant', content: 'Rayleigh scattering favors short wavelengths.' },
      done_reason: 'stop',
      ...warm,
      prompt_eval_count: 31,
      prompt_eval_duration: 90_221_000,
      eval_count: 9,
      eval_duration: 411_880_000,
    },
    expected: { input: 31, output: 9, finishReason: 'stop' },
  },
  {
    name: 'chat, streamed, role in an empty first line, counts in the last line',
    source: documentation,
    api: 'ollama-chat',
    chunks: [
      { ...chunk, message: { role: 'assistant', content: '' } },
      { ...chunk, message: { role: 'assistant', content: 'Blue' } },
      { ...chunk, message: { role: 'assistant', content: ' light' } },
      {
        ...end,
        message: { role: 'assistant', content: '' },
        done_reason: 'stop',
        ...warm,
        prompt_eval_count: 17,
        prompt_eval_duration: 71_004_000,
        eval_count: 3,
        eval_duration: 120_077_000,
      },
    ],
    expected: { input: 17, output: 3, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'chat, streamed, thinking before the text, token limit reached',
    source: types,
    api: 'ollama-chat',
    chunks: [
      { ...chunk, message: { role: 'assistant', content: '', thinking: 'Count' } },
      { ...chunk, message: { role: 'assistant', content: '', thinking: ' the letters.' } },
      { ...chunk, message: { role: 'assistant', content: 'There are' } },
      {
        ...end,
        message: { role: 'assistant', content: '' },
        done_reason: 'length',
        total_duration: 6_204_118_220,
        load_duration: 4_881_207_915,
        prompt_eval_count: 44,
        eval_count: 128,
      },
    ],
    expected: { input: 44, output: 128, finishReason: 'length', firstOutput: 0, lastChunk: 3 },
  },
  {
    name: 'chat, whole, tool call with done_reason stop',
    source: types,
    api: 'ollama-chat',
    whole: {
      ...end,
      message: {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_h8kq2v1z', function: { index: 0, name: 'get_tide', arguments: { port: 'Brest' } } }],
      },
      done_reason: 'stop',
      ...warm,
      prompt_eval_count: 163,
      eval_count: 21,
    },
    expected: { input: 163, output: 21, finishReason: 'tool_calls' },
  },
  {
    name: 'chat, streamed, tool call in a middle line, last line has done_reason stop',
    source: documentation,
    api: 'ollama-chat',
    chunks: [
      {
        ...chunk,
        message: {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'call_04mfw7rp', function: { index: 0, name: 'get_tide', arguments: { port: 'Cork' } } }],
        },
      },
      {
        ...end,
        message: { role: 'assistant', content: '' },
        done_reason: 'stop',
        ...warm,
        prompt_eval_count: 158,
        eval_count: 19,
      },
    ],
    expected: { input: 158, output: 19, finishReason: 'tool_calls', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'chat, whole, prompt cached by an older server: prompt_eval_count is left out',
    source: 'https://github.com/ollama/ollama/blob/v0.3.0/api/types.go',
    api: 'ollama-chat',
    whole: {
      ...end,
      message: { role: 'assistant', content: 'Yes.' },
      done_reason: 'stop',
      ...warm,
      eval_count: 2,
      eval_duration: 44_900_000,
    },
    expected: { output: 2, finishReason: 'stop' },
  },
  {
    name: 'chat, whole, no messages: loads the model',
    source: documentation,
    api: 'ollama-chat',
    whole: { ...end, message: { role: 'assistant', content: '' }, done_reason: 'load' },
    expected: { finishReason: 'other' },
  },
  {
    name: 'chat, streamed, error after two lines with status 200',
    source: errorDocumentation,
    api: 'ollama-chat',
    chunks: [
      { ...chunk, message: { role: 'assistant', content: 'The' } },
      { ...chunk, message: { role: 'assistant', content: ' tide' } },
      { error: 'an error was encountered while running the model' },
    ],
    expected: { finishReason: 'error', firstOutput: 0, error: 'ModelProtocolError' },
  },
  {
    name: 'chat, unknown model',
    source: routes,
    api: 'ollama-chat',
    status: 404,
    whole: { error: "model 'qwen3:999b' not found" },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: 'chat, thinking not supported by the model',
    source: routes,
    api: 'ollama-chat',
    status: 400,
    whole: { error: '"gemma3:1b" does not support thinking' },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
];

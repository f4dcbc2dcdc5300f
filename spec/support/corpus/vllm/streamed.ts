import type { CorpusCase } from '../corpus-case.js';

const source = 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/chat_completion/serving.py';

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'chatcmpl-0e77a2',
  object: 'chat.completion.chunk',
  created: 1764202100,
  model: 'Qwen/Qwen3-8B',
  choices,
  ...more,
});

const choice = (delta: object, index = 0) => ({ index, delta, logprobs: null, finish_reason: null, token_ids: null });

const last = (delta: object, finishReason: string, index = 0) => ({
  index,
  delta,
  logprobs: null,
  finish_reason: finishReason,
  stop_reason: null,
  token_ids: null,
});

const usage = (input: number, output: number) => ({
  usage: { prompt_tokens: input, total_tokens: input + output, completion_tokens: output },
});

const role = { role: 'assistant', content: '' };

/** Streamed responses of vLLM's OpenAI-compatible server. */
export const streamed: readonly CorpusCase[] = [
  {
    name: 'streamed, usage in the last chunk, `usage: null` before it',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)], { usage: null, prompt_token_ids: null }),
      chunk([choice({ content: 'Ebb' })], { usage: null }),
      chunk([choice({ content: ' tide' })], { usage: null }),
      chunk([last({ content: '' }, 'stop')], { usage: null }),
      chunk([], usage(30, 4)),
    ],
    expected: { input: 30, output: 4, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, continuous_usage_stats: each chunk states the usage so far',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)], usage(33, 0)),
      chunk([choice({ content: 'Ebb' })], usage(33, 1)),
      chunk([choice({ content: ' tide' })], usage(33, 2)),
      chunk([last({ content: '.' }, 'length')], usage(33, 3)),
      chunk([], usage(33, 3)),
    ],
    expected: { input: 33, output: 3, finishReason: 'length', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, reasoning_content before the text, without usage',
    source: 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)]),
      chunk([choice({ reasoning_content: 'The moon' })]),
      chunk([choice({ content: 'Low.' })]),
      chunk([last({ content: '' }, 'stop')]),
    ],
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, reasoning only, cut off by the limit',
    source: 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)]),
      chunk([choice({ reasoning: 'The moon' })]),
      chunk([last({ reasoning: ' is' }, 'length')]),
      chunk([], usage(38, 5)),
    ],
    expected: { input: 38, output: 5, finishReason: 'length', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, tool call',
    source: 'https://docs.vllm.ai/en/latest/features/tool_calling.html',
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)]),
      chunk([
        choice({
          tool_calls: [{ id: 'chatcmpl-tool-3a', type: 'function', index: 0, function: { name: 'lookup' } }],
        }),
      ]),
      chunk([choice({ tool_calls: [{ index: 0, function: { arguments: '{"word": "ebb"}' } }] })]),
      chunk([last({ content: '' }, 'tool_calls')]),
      chunk([], usage(181, 21)),
    ],
    expected: { input: 181, output: 21, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, n: 2, one choice ends much earlier',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice(role, 0)]),
      chunk([choice(role, 1)]),
      chunk([choice({ content: 'Up' }, 0)]),
      chunk([last({ content: '' }, 'stop', 0)]),
      chunk([choice({ content: 'Down' }, 1)]),
      chunk([choice({ content: ' there' }, 1)]),
      chunk([last({ content: '' }, 'stop', 1)]),
      chunk([], usage(20, 6)),
    ],
    expected: { input: 20, output: 6, finishReason: 'stop', firstOutput: 2, lastChunk: 6 },
  },
  {
    name: 'streamed completion, usage in the last chunk',
    source: 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/completion/serving.py',
    api: 'openai-completions',
    chunks: [
      ...[' the', ' sea'].map((text) => ({
        id: 'cmpl-41ff',
        object: 'text_completion',
        created: 1764202160,
        model: 'Qwen/Qwen3-8B-Base',
        choices: [{ index: 0, text, logprobs: null, finish_reason: null, stop_reason: null }],
        usage: null,
      })),
      {
        id: 'cmpl-41ff',
        object: 'text_completion',
        created: 1764202160,
        model: 'Qwen/Qwen3-8B-Base',
        choices: [{ index: 0, text: '.', logprobs: null, finish_reason: 'stop', stop_reason: '.' }],
        usage: null,
      },
      {
        id: 'cmpl-41ff',
        object: 'text_completion',
        created: 1764202160,
        model: 'Qwen/Qwen3-8B-Base',
        choices: [],
        ...usage(5, 3),
      },
    ],
    expected: { input: 5, output: 3, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
];

import type { CorpusCase } from '../corpus-case.js';
import { eventStream } from '../event-stream.js';
import { errors } from './errors.js';

const overview = 'https://openrouter.ai/docs/api-reference/overview';
const accounting = 'https://openrouter.ai/docs/use-cases/usage-accounting';
const streaming = 'https://openrouter.ai/docs/api-reference/streaming';

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'gen-1764210000-aXw4',
  provider: 'Anthropic',
  model: 'anthropic/claude-sonnet-4.5',
  object: 'chat.completion.chunk',
  created: 1764210000,
  choices,
  ...more,
});

const choice = (delta: object, finishReason: string | null = null, native: string | null = null) => ({
  index: 0,
  delta: { role: 'assistant', content: '', ...delta },
  finish_reason: finishReason,
  native_finish_reason: native,
  logprobs: null,
});

const usage = (input: number, output: number, cached: number, written: number, reasoning: number) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  cost: 0.00731,
  is_byok: false,
  prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written, audio_tokens: 0, video_tokens: 0 },
  cost_details: {
    upstream_inference_cost: null,
    upstream_inference_prompt_cost: 0.0052,
    upstream_inference_completions_cost: 0.00211,
  },
  completion_tokens_details: { reasoning_tokens: reasoning, image_tokens: 0 },
});

const reasoning = (text: string) => ({
  reasoning: text,
  reasoning_details: [{ type: 'reasoning.text', text, format: 'anthropic-claude-v1', index: 0 }],
});

const commented = [
  chunk([choice({ content: 'Maps' })]),
  chunk([choice({ content: ' lie.' })]),
  chunk([choice({}, 'stop', 'end_turn')]),
  chunk([choice({})], { usage: usage(210, 6, 0, 0, 0) }),
];
const wait = ': OPENROUTER PROCESSING';

const whole = (message: object, finishReason: string, native: string, tokens: object) => ({
  id: 'gen-1764210001-bYz5',
  provider: 'OpenAI',
  model: 'openai/gpt-5-mini',
  object: 'chat.completion',
  created: 1764210001,
  choices: [
    {
      logprobs: null,
      finish_reason: finishReason,
      native_finish_reason: native,
      index: 0,
      message: { role: 'assistant', content: '', refusal: null, reasoning: null, ...message },
    },
  ],
  usage: tokens,
});

/** Successful responses of OpenRouter. */
const successes: readonly CorpusCase[] = [
  {
    name: 'whole, native finish reason, usage with cost, cache and reasoning tokens',
    source: accounting,
    api: 'openai-chat',
    whole: whole({ content: 'North.' }, 'stop', 'completed', usage(1618, 141, 1152, 310, 128)),
    expected: {
      input: 1618,
      output: 141,
      cachedInput: 1152,
      cacheWrite: 310,
      reasoningOutput: 128,
      finishReason: 'stop',
    },
  },
  {
    name: 'whole, length with a native finish reason in capitals',
    source: overview,
    api: 'openai-chat',
    whole: whole({ content: 'North, then' }, 'length', 'MAX_TOKENS', {
      prompt_tokens: 23,
      completion_tokens: 4,
      total_tokens: 27,
    }),
    expected: { input: 23, output: 4, finishReason: 'length' },
  },
  {
    name: 'whole, tool call',
    source: 'https://openrouter.ai/docs/features/tool-calling',
    api: 'openai-chat',
    whole: whole(
      {
        tool_calls: [
          { id: 'toolu_01A', index: 0, type: 'function', function: { name: 'bearing', arguments: '{"to":"Oslo"}' } },
        ],
      },
      'tool_calls',
      'tool_use',
      { prompt_tokens: 377, completion_tokens: 45, total_tokens: 422 },
    ),
    expected: { input: 377, output: 45, finishReason: 'tool_calls' },
  },
  {
    name: 'streamed, comments between events, usage in a chunk whose choice has no finish reason',
    source: streaming,
    api: 'openai-chat',
    chunks: commented,
    body: eventStream([wait, wait, ...commented.slice(0, 1), wait, ...commented.slice(1), 'data: [DONE]']),
    expected: {
      input: 210,
      output: 6,
      cachedInput: 0,
      cacheWrite: 0,
      reasoningOutput: 0,
      finishReason: 'stop',
      firstOutput: 0,
      lastChunk: 2,
    },
  },
  {
    name: 'streamed, reasoning with empty content, finish reason repeated in the chunk with the usage',
    source: 'https://openrouter.ai/docs/use-cases/reasoning-tokens',
    api: 'openai-chat',
    chunks: [
      chunk([choice({})]),
      chunk([choice(reasoning('Compass'))]),
      chunk([choice({ content: 'North', reasoning: null, reasoning_details: [] })]),
      chunk([choice({}, 'stop', 'end_turn')]),
      chunk([choice({}, 'stop', 'end_turn')], { usage: usage(88, 57, 0, 0, 49) }),
    ],
    expected: {
      input: 88,
      output: 57,
      cachedInput: 0,
      cacheWrite: 0,
      reasoningOutput: 49,
      finishReason: 'stop',
      firstOutput: 1,
      lastChunk: 3,
    },
  },
  {
    name: 'streamed, tool call',
    source: 'https://openrouter.ai/docs/features/tool-calling',
    api: 'openai-chat',
    chunks: [
      chunk([
        choice({
          content: null,
          tool_calls: [{ id: 'toolu_01B', index: 0, type: 'function', function: { name: 'bearing', arguments: '' } }],
        }),
      ]),
      chunk([
        choice({
          content: null,
          tool_calls: [{ index: 0, type: 'function', function: { arguments: '{"to":"Oslo"}' } }],
        }),
      ]),
      chunk([choice({}, 'tool_calls', 'tool_use')]),
      chunk([choice({})], { usage: { prompt_tokens: 380, completion_tokens: 43, total_tokens: 423 } }),
    ],
    expected: { input: 380, output: 43, finishReason: 'tool_calls', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, usage only on the chunk with the finish reason, content filter',
    source: overview,
    api: 'openai-chat',
    chunks: [
      chunk([choice({ content: 'North' })]),
      chunk([choice({}, 'content_filter', 'refusal')], {
        usage: { prompt_tokens: 51, completion_tokens: 2, total_tokens: 53 },
      }),
    ],
    expected: { input: 51, output: 2, finishReason: 'other', firstOutput: 0, lastChunk: 1 },
  },
];

/** Responses of OpenRouter. */
export const openrouter: readonly CorpusCase[] = [...successes, ...errors];

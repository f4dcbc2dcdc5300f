import type { CorpusCase } from '../corpus-case.js';
import { errors } from './errors.js';
import { streamed } from './streamed.js';

const source = 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/chat_completion/protocol.py';

const completion = (choices: readonly object[], usage: object) => ({
  id: 'chatcmpl-5b1d0c',
  object: 'chat.completion',
  created: 1764202001,
  model: 'Qwen/Qwen3-8B',
  choices,
  service_tier: null,
  system_fingerprint: null,
  usage,
  prompt_logprobs: null,
  prompt_token_ids: null,
  kv_transfer_params: null,
});

const message = (content: string | null, more: object = {}) => ({
  role: 'assistant',
  content,
  refusal: null,
  annotations: null,
  audio: null,
  function_call: null,
  tool_calls: [],
  reasoning_content: null,
  ...more,
});

const choice = (content: object, finishReason: string, stopReason: string | number | null = null) => ({
  index: 0,
  message: content,
  logprobs: null,
  finish_reason: finishReason,
  stop_reason: stopReason,
  token_ids: null,
});

const call = {
  id: 'chatcmpl-tool-91e0',
  type: 'function',
  function: { name: 'lookup', arguments: '{"word": "ebb"}' },
};

/** Whole responses of vLLM's OpenAI-compatible server. */
const whole: readonly CorpusCase[] = [
  {
    name: 'whole, null details, stopped by a token',
    source,
    api: 'openai-chat',
    whole: completion([choice(message('Ebb and flow.'), 'stop', 151643)], {
      prompt_tokens: 27,
      total_tokens: 32,
      completion_tokens: 5,
      prompt_tokens_details: null,
    }),
    expected: { input: 27, output: 5, finishReason: 'stop' },
  },
  {
    name: 'whole, reasoning_content and cached input',
    source: 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
    api: 'openai-chat',
    whole: completion([choice(message('Low.', { reasoning_content: 'The moon is at its quarter.' }), 'stop')], {
      prompt_tokens: 643,
      total_tokens: 684,
      completion_tokens: 41,
      prompt_tokens_details: { cached_tokens: 624 },
    }),
    expected: { input: 643, output: 41, cachedInput: 624, finishReason: 'stop' },
  },
  {
    name: 'whole, length within the reasoning, content null',
    source: 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
    api: 'openai-chat',
    whole: completion([choice(message(null, { reasoning: 'First, consider' }), 'length')], {
      prompt_tokens: 35,
      total_tokens: 51,
      completion_tokens: 16,
      prompt_tokens_details: null,
    }),
    expected: { input: 35, output: 16, finishReason: 'length' },
  },
  {
    name: 'whole, tool call',
    source: 'https://docs.vllm.ai/en/latest/features/tool_calling.html',
    api: 'openai-chat',
    whole: completion([choice(message(null, { tool_calls: [call] }), 'tool_calls')], {
      prompt_tokens: 176,
      total_tokens: 199,
      completion_tokens: 23,
      prompt_tokens_details: null,
    }),
    expected: { input: 176, output: 23, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, named tool choice that ends with `stop`',
    source: 'https://docs.vllm.ai/en/latest/features/tool_calling.html#named-function-calling',
    api: 'openai-chat',
    whole: completion([choice(message('', { tool_calls: [call] }), 'stop')], {
      prompt_tokens: 169,
      total_tokens: 180,
      completion_tokens: 11,
      prompt_tokens_details: null,
    }),
    expected: { input: 169, output: 11, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, embeddings whose usage states zero output tokens',
    source: 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/engine/protocol.py',
    api: 'openai-embeddings',
    whole: {
      id: 'embd-77c1',
      object: 'list',
      created: 1764202009,
      model: 'intfloat/e5-mistral-7b-instruct',
      data: [{ index: 0, object: 'embedding', embedding: [0.0114, -0.0023, 0.0311] }],
      usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0, prompt_tokens_details: null },
    },
    expected: { input: 9, output: 0, finishReason: 'stop' },
  },
];

/** Responses of vLLM's OpenAI-compatible server. */
export const vllm: readonly CorpusCase[] = [...whole, ...streamed, ...errors];

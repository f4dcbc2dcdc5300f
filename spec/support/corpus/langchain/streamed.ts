import type { CorpusCase } from '../corpus-case.js';

const openai = 'https://unpkg.com/@langchain/openai@1.5.8/dist/chat_models/completions.js';
const anthropic = 'https://unpkg.com/@langchain/anthropic@1.5.11/dist/utils/message_outputs.js';
const google = 'https://unpkg.com/@langchain/google-genai@2.3.2/dist/chat_models.js';
const ollama = 'https://unpkg.com/@langchain/ollama@1.3.0/dist/chat_models.js';
const bedrock = 'https://unpkg.com/@langchain/aws@1.4.5/dist/utils/message_outputs.js';
const groq = 'https://unpkg.com/@langchain/groq@1.3.1/dist/chat_models.js';

const noTools = { tool_calls: [], invalid_tool_calls: [], tool_call_chunks: [] };
const openaiPosition = { prompt: 0, completion: 0 };
const claude = { model_provider: 'anthropic' };

function text(content: string | readonly object[], metadata: object = {}): object {
  return { content, additional_kwargs: {}, ...noTools, response_metadata: metadata };
}

function usage(input: number, output: number, details: object = {}): object {
  return { input_tokens: input, output_tokens: output, total_tokens: input + output, ...details };
}

/** Message chunks of LangChain.js, as plain data. The `usage_metadata` of the chunks adds up. */
export const langchainStreamed: readonly CorpusCase[] = [
  {
    name: 'OpenAI, streamed, empty first chunk, usage after the finish_reason',
    source: openai,
    api: 'langchain',
    chunks: [
      text('', openaiPosition),
      text('Porto', openaiPosition),
      text(' lies on the Douro.', openaiPosition),
      text('', { ...openaiPosition, finish_reason: 'length', model_name: 'gpt-4o-mini' }),
      {
        ...text('', { usage: { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 } }),
        usage_metadata: usage(12, 8, {
          input_token_details: { audio: 0, cache_read: 0 },
          output_token_details: { audio: 0, reasoning: 0 },
        }),
      },
    ],
    expected: { input: 12, output: 8, cachedInput: 0, reasoningOutput: 0, finishReason: 'length', firstOutput: 1 },
  },
  {
    name: 'OpenAI, streamed, tool call in pieces',
    source: openai,
    api: 'langchain',
    chunks: [
      text('', openaiPosition),
      {
        ...text('', openaiPosition),
        tool_call_chunks: [{ name: 'get_tide', args: '', id: 'call_1', index: 0, type: 'tool_call_chunk' }],
      },
      {
        ...text('', openaiPosition),
        tool_call_chunks: [{ args: '{"port":"Faro"}', index: 0, type: 'tool_call_chunk' }],
      },
      text('', { ...openaiPosition, finish_reason: 'tool_calls' }),
      { ...text('', { usage: {} }), usage_metadata: usage(79, 17) },
    ],
    expected: { input: 79, output: 17, finishReason: 'tool_calls', firstOutput: 1 },
  },
  {
    name: 'Anthropic, streamed, usage in two chunks that add up, stop_reason in additional_kwargs',
    source: anthropic,
    api: 'langchain',
    chunks: [
      {
        ...text('', { ...claude, usage: { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 } }),
        additional_kwargs: { id: 'msg_01', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' },
        usage_metadata: usage(8, 1, { input_token_details: { cache_creation: 0, cache_read: 0 } }),
      },
      text('', claude),
      text('One', claude),
      text(', two', claude),
      {
        ...text(''),
        additional_kwargs: { stop_reason: 'max_tokens', stop_sequence: null },
        usage_metadata: usage(0, 5),
      },
    ],
    expected: { input: 8, output: 6, cachedInput: 0, cacheWrite: 0, finishReason: 'length', firstOutput: 2 },
  },
  {
    name: 'Anthropic, streamed as content blocks, empty blocks and a signature are no output',
    source: anthropic,
    api: 'langchain',
    chunks: [
      {
        ...text([], claude),
        usage_metadata: usage(637, 2, { input_token_details: { cache_creation: 30, cache_read: 600 } }),
      },
      text([{ index: 0, type: 'thinking', thinking: '', signature: '' }], claude),
      text([{ index: 0, type: 'thinking', signature: 'EqQBCgIYAhIM' }], claude),
      text([{ index: 1, type: 'text', text: '' }], claude),
      text([{ index: 1, type: 'text', text: 'Not prime.' }], claude),
      {
        ...text([]),
        additional_kwargs: { stop_reason: 'end_turn', stop_sequence: null },
        usage_metadata: usage(0, 44),
      },
    ],
    expected: { input: 637, output: 46, cachedInput: 600, cacheWrite: 30, finishReason: 'stop', firstOutput: 4 },
  },
  {
    name: 'Google, streamed, usage in every chunk as the difference to the chunk before',
    source: google,
    api: 'langchain',
    chunks: [
      { ...text('There', { index: 0, model_provider: 'google-genai' }), usage_metadata: usage(10, 1) },
      { ...text(' are three', { index: 0, model_provider: 'google-genai' }), usage_metadata: usage(0, 2) },
      {
        ...text(' ports.', { finishReason: 'STOP', index: 0, model_provider: 'google-genai' }),
        usage_metadata: usage(0, 4),
      },
    ],
    expected: { input: 10, output: 7, finishReason: 'stop', firstOutput: 0 },
  },
  {
    name: 'Google, streamed, finishReason SAFETY after the first text',
    source: google,
    api: 'langchain',
    chunks: [
      { ...text('To', { index: 0 }), usage_metadata: usage(23, 1) },
      { ...text('', { finishReason: 'SAFETY', index: 0 }), usage_metadata: usage(0, 0) },
    ],
    expected: { input: 23, output: 1, finishReason: 'other', firstOutput: 0 },
  },
  {
    name: 'Ollama, streamed, thinking in additional_kwargs, counts in an extra last chunk',
    source: ollama,
    api: 'langchain',
    chunks: [
      { ...text('', { model_provider: 'ollama' }), additional_kwargs: { reasoning_content: '27 = 3 x 9' } },
      text('Not prime.', { model_provider: 'ollama' }),
      text('', { model_provider: 'ollama' }),
      {
        ...text('', {
          model: 'qwen3:4b',
          created_at: '2026-03-02T09:14:08.118402Z',
          done: true,
          done_reason: 'length',
          load_duration: 30_112_507,
          prompt_eval_count: 22,
          eval_count: 61,
          model_provider: 'ollama',
        }),
        usage_metadata: usage(22, 61),
      },
    ],
    expected: { input: 22, output: 61, finishReason: 'length', firstOutput: 0 },
  },
  {
    name: 'Bedrock, streamed, stopReason inside messageStop, usage in the last chunk',
    source: bedrock,
    api: 'langchain',
    chunks: [
      text('', { messageStart: { role: 'assistant', p: 'abcdefgh' } }),
      text('Seven'),
      text('', { contentBlockStop: { contentBlockIndex: 0, p: 'abc' } }),
      text('', { messageStop: { stopReason: 'max_tokens' } }),
      {
        ...text('', {
          metadata: {
            usage: { inputTokens: 25, outputTokens: 3, totalTokens: 98, cacheReadInputTokens: 70 },
            metrics: { latencyMs: 838 },
          },
          model_provider: 'bedrock-converse',
        }),
        usage_metadata: usage(95, 3, { input_token_details: { cache_read: 70 } }),
      },
    ],
    expected: { input: 95, output: 3, cachedInput: 70, finishReason: 'length', firstOutput: 1 },
  },
  {
    name: 'Groq, streamed, no usage_metadata: the usage is in response_metadata, twice',
    source: groq,
    api: 'langchain',
    chunks: [
      text('', { ...openaiPosition, model_provider: 'groq' }),
      text('Granite', { ...openaiPosition, model_provider: 'groq' }),
      text('', {
        ...openaiPosition,
        finish_reason: 'stop',
        model_name: 'llama-3.3-70b-versatile',
        usage: usage(38, 2),
        timing: { completion_time: 0.0072, prompt_time: 0.0031, queue_time: 0.051, total_time: 0.0103 },
        model_provider: 'groq',
      }),
      text('', {
        id: 'chatcmpl-6e',
        object: 'chat.completion.chunk',
        model: 'llama-3.3-70b-versatile',
        x_groq: { id: 'req_01jb', usage: { prompt_tokens: 38, completion_tokens: 2, total_tokens: 40 } },
      }),
    ],
    expected: { input: 38, output: 2, finishReason: 'stop', firstOutput: 1 },
  },
];

import type { CorpusCase } from '../corpus-case.js';

const openai = 'https://unpkg.com/@langchain/openai@1.5.8/dist/chat_models/completions.js';
const openaiResponses = 'https://unpkg.com/@langchain/openai@1.5.8/dist/converters/responses.js';
const anthropic = 'https://unpkg.com/@langchain/anthropic@1.5.11/dist/utils/message_outputs.js';
const google = 'https://unpkg.com/@langchain/google-genai@2.3.2/dist/utils/common.js';
const ollama = 'https://unpkg.com/@langchain/ollama@1.3.0/dist/chat_models.js';
const bedrock = 'https://unpkg.com/@langchain/aws@1.4.5/dist/utils/message_outputs.js';
const mistral = 'https://unpkg.com/@langchain/mistralai@1.2.0/dist/chat_models.js';
const groq = 'https://unpkg.com/@langchain/groq@1.3.1/dist/chat_models.js';

const tide = { name: 'get_tide', args: { port: 'Porto' }, id: 'call_1', type: 'tool_call' } as const;
const noTools = { tool_calls: [], invalid_tool_calls: [] };

/** Whole messages of LangChain.js, as plain data. */
export const langchain: readonly CorpusCase[] = [
  {
    name: 'OpenAI, message with cached input and reasoning',
    source: openai,
    api: 'langchain',
    whole: {
      content: 'Not prime.',
      ...noTools,
      response_metadata: {
        tokenUsage: { promptTokens: 1130, completionTokens: 75, totalTokens: 1205 },
        finish_reason: 'stop',
        model_name: 'gpt-5-mini',
        model_provider: 'openai',
      },
      usage_metadata: {
        input_tokens: 1130,
        output_tokens: 75,
        total_tokens: 1205,
        input_token_details: { audio: 0, cache_read: 1024 },
        output_token_details: { audio: 0, reasoning: 64 },
      },
    },
    expected: { input: 1130, output: 75, cachedInput: 1024, reasoningOutput: 64, finishReason: 'stop' },
  },
  {
    name: 'OpenAI Responses API, message with status incomplete',
    source: openaiResponses,
    api: 'langchain',
    whole: {
      content: [{ type: 'text', text: 'The first reason', annotations: [] }],
      ...noTools,
      response_metadata: {
        model_provider: 'openai',
        model: 'gpt-5-mini',
        object: 'response',
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      },
      usage_metadata: { input_tokens: 21, output_tokens: 32, total_tokens: 53 },
    },
    expected: { input: 21, output: 32, finishReason: 'length' },
  },
  {
    name: 'OpenAI Responses API, message with a tool call and status completed',
    source: openaiResponses,
    api: 'langchain',
    whole: {
      content: [],
      tool_calls: [tide],
      invalid_tool_calls: [],
      response_metadata: {
        model_provider: 'openai',
        object: 'response',
        status: 'completed',
        incomplete_details: null,
      },
      usage_metadata: { input_tokens: 83, output_tokens: 18, total_tokens: 101 },
    },
    expected: { input: 83, output: 18, finishReason: 'tool_calls' },
  },
  {
    name: 'Anthropic, message with cache: input_tokens includes the cache, response_metadata.usage does not',
    source: anthropic,
    api: 'langchain',
    whole: {
      content: 'Yes.',
      ...noTools,
      additional_kwargs: { id: 'msg_01', model: 'claude-sonnet-4-5', stop_reason: 'end_turn', stop_sequence: null },
      response_metadata: {
        model: 'claude-sonnet-4-5',
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: {
          input_tokens: 4,
          cache_creation_input_tokens: 100,
          cache_read_input_tokens: 2000,
          output_tokens: 3,
        },
        model_provider: 'anthropic',
      },
      usage_metadata: {
        input_tokens: 2104,
        output_tokens: 3,
        total_tokens: 2107,
        input_token_details: { cache_creation: 100, cache_read: 2000 },
      },
    },
    expected: { input: 2104, output: 3, cachedInput: 2000, cacheWrite: 100, finishReason: 'stop' },
  },
  {
    name: 'Anthropic, message with tool use',
    source: anthropic,
    api: 'langchain',
    whole: {
      content: [{ type: 'tool_use', id: 'toolu_01', name: 'get_tide', input: { port: 'Porto' } }],
      tool_calls: [tide],
      response_metadata: { stop_reason: 'tool_use', stop_sequence: null, model_provider: 'anthropic' },
      usage_metadata: {
        input_tokens: 472,
        output_tokens: 58,
        total_tokens: 530,
        input_token_details: { cache_creation: 0, cache_read: 0 },
      },
    },
    expected: { input: 472, output: 58, cachedInput: 0, cacheWrite: 0, finishReason: 'tool_calls' },
  },
  {
    name: 'Google, message with MAX_TOKENS',
    source: google,
    api: 'langchain',
    whole: {
      content: 'There are',
      ...noTools,
      response_metadata: {
        tokenUsage: { promptTokens: 10, completionTokens: 16, totalTokens: 26 },
        finishReason: 'MAX_TOKENS',
        index: 0,
        safetyRatings: [],
        model_provider: 'google-genai',
      },
      usage_metadata: {
        input_tokens: 10,
        output_tokens: 16,
        total_tokens: 26,
        input_token_details: { cache_read: 6 },
      },
    },
    expected: { input: 10, output: 16, cachedInput: 6, finishReason: 'length' },
  },
  {
    name: 'Ollama, message with a tool call and done_reason stop',
    source: ollama,
    api: 'langchain',
    whole: {
      content: '',
      tool_calls: [tide],
      invalid_tool_calls: [],
      response_metadata: {
        model: 'qwen3:4b',
        created_at: '2026-03-02T09:14:08.118402Z',
        done: true,
        done_reason: 'stop',
        total_duration: 812440133,
        load_duration: 30112507,
        prompt_eval_count: 163,
        eval_count: 21,
        model_provider: 'ollama',
      },
      usage_metadata: { input_tokens: 163, output_tokens: 21, total_tokens: 184 },
    },
    expected: { input: 163, output: 21, finishReason: 'tool_calls' },
  },
  {
    name: 'Bedrock, message with stopReason and cache',
    source: bedrock,
    api: 'langchain',
    whole: {
      content: 'One, two',
      ...noTools,
      response_metadata: {
        $metadata: { httpStatusCode: 200, requestId: '81a27f7a', attempts: 1, totalRetryDelay: 0 },
        metrics: { latencyMs: 1109 },
        stopReason: 'max_tokens',
        usage: {
          inputTokens: 15,
          outputTokens: 8,
          totalTokens: 383,
          cacheReadInputTokens: 300,
          cacheWriteInputTokens: 60,
        },
        model_provider: 'bedrock-converse',
      },
      usage_metadata: {
        input_tokens: 375,
        output_tokens: 8,
        total_tokens: 383,
        input_token_details: { cache_read: 300, cache_creation: 60 },
      },
    },
    expected: { input: 375, output: 8, cachedInput: 300, cacheWrite: 60, finishReason: 'length' },
  },
  {
    name: 'Mistral, message with finishReason in camel case',
    source: mistral,
    api: 'langchain',
    whole: {
      content: '',
      tool_calls: [tide],
      response_metadata: {
        tokenUsage: { completionTokens: 24, promptTokens: 89, totalTokens: 113 },
        finishReason: 'tool_calls',
      },
      usage_metadata: { input_tokens: 89, output_tokens: 24, total_tokens: 113 },
    },
    expected: { input: 89, output: 24, finishReason: 'tool_calls' },
  },
  {
    name: 'Groq, message',
    source: groq,
    api: 'langchain',
    whole: {
      content: 'Lisbon lies on the Tagus.',
      ...noTools,
      additional_kwargs: {},
      response_metadata: {
        tokenUsage: { completionTokens: 8, promptTokens: 41, totalTokens: 49 },
        finish_reason: 'stop',
        model_provider: 'groq',
      },
      usage_metadata: { input_tokens: 41, output_tokens: 8, total_tokens: 49 },
    },
    expected: { input: 41, output: 8, finishReason: 'stop' },
  },
];

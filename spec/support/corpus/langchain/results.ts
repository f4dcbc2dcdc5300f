import type { CorpusCase } from '../corpus-case.js';

const openai = 'https://unpkg.com/@langchain/openai@1.5.8/dist/chat_models/completions.js';
const openaiLlm = 'https://unpkg.com/@langchain/openai@1.5.8/dist/llms.js';
const openaiResponses = 'https://unpkg.com/@langchain/openai@1.5.8/dist/chat_models/responses.js';
const anthropic = 'https://unpkg.com/@langchain/anthropic@1.5.11/dist/chat_models.js';

/** The `LLMResult` objects that LangChain.js passes to callbacks, as plain data. */
export const langchainResults: readonly CorpusCase[] = [
  {
    name: 'LLMResult of a chat model: the message and llmOutput state the same tokens',
    source: openai,
    api: 'langchain',
    whole: {
      generations: [
        [
          {
            text: 'Granite is an igneous rock.',
            generationInfo: { finish_reason: 'stop' },
            message: {
              content: 'Granite is an igneous rock.',
              tool_calls: [],
              usage_metadata: { input_tokens: 16, output_tokens: 7, total_tokens: 23 },
            },
          },
        ],
      ],
      llmOutput: { tokenUsage: { promptTokens: 16, completionTokens: 7, totalTokens: 23 } },
    },
    expected: { input: 16, output: 7, finishReason: 'stop' },
  },
  {
    name: 'LLMResult of a completion model, two prompts, only llmOutput states tokens',
    source: openaiLlm,
    api: 'langchain',
    whole: {
      generations: [
        [{ text: ' one, two', generationInfo: { finishReason: 'length', logprobs: null } }],
        [{ text: ' ebb, flow', generationInfo: { finishReason: 'length', logprobs: null } }],
      ],
      llmOutput: { tokenUsage: { completionTokens: 32, promptTokens: 9, totalTokens: 41 } },
    },
    expected: { input: 9, output: 32, finishReason: 'length' },
  },
  {
    name: 'LLMResult of Anthropic: usage in llmOutput excludes the cache',
    source: anthropic,
    api: 'langchain',
    whole: {
      generations: [
        [
          {
            text: 'No.',
            message: {
              content: 'No.',
              tool_calls: [],
              response_metadata: { stop_reason: 'end_turn', model_provider: 'anthropic' },
              usage_metadata: {
                input_tokens: 1512,
                output_tokens: 4,
                total_tokens: 1516,
                input_token_details: { cache_creation: 0, cache_read: 1500 },
              },
            },
          },
        ],
      ],
      llmOutput: {
        id: 'msg_01',
        model: 'claude-sonnet-4-5',
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: 12, cache_creation_input_tokens: 0, cache_read_input_tokens: 1500, output_tokens: 4 },
      },
    },
    expected: { input: 1512, output: 4, cachedInput: 1500, cacheWrite: 0, finishReason: 'stop' },
  },
  {
    name: 'LLMResult of a streamed call: estimatedTokenUsage in llmOutput',
    source: openaiResponses,
    api: 'langchain',
    whole: {
      generations: [
        [
          {
            text: 'At 03:05.',
            generationInfo: { status: 'completed' },
            message: {
              content: [{ type: 'text', text: 'At 03:05.', index: 0 }],
              tool_calls: [],
              response_metadata: { object: 'response', status: 'completed', incomplete_details: null },
              usage_metadata: { input_tokens: 33, output_tokens: 9, total_tokens: 42 },
            },
          },
        ],
      ],
      llmOutput: { estimatedTokenUsage: { input_tokens: 33, output_tokens: 9, total_tokens: 42 } },
    },
    expected: { input: 33, output: 9, finishReason: 'stop' },
  },
];

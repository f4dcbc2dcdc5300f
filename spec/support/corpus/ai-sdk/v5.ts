import type { CorpusCase } from '../corpus-case.js';

const library = 'https://unpkg.com/ai@5.0.277/dist/index.d.ts';
const specification = 'https://unpkg.com/@ai-sdk/provider@2.0.5/dist/index.d.ts';

const response = { id: 'aitxt-2QpL', timestamp: new Date('2026-03-02T09:20:41Z'), modelId: 'gpt-5-mini' };
const startStep = { type: 'start-step', request: {}, warnings: [] };

function finishStep(finishReason: string, usage: object): object {
  return { type: 'finish-step', finishReason, usage, response, providerMetadata: undefined };
}

/** Values of AI SDK 5, whose models follow version 2 of the specification. */
export const aiSdkV5: readonly CorpusCase[] = [
  {
    name: 'AI SDK 5, generateText with cached input and reasoning',
    source: library,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'text', text: 'Not prime.' }],
      text: 'Not prime.',
      reasoning: [],
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 1130, outputTokens: 75, totalTokens: 1205, reasoningTokens: 64, cachedInputTokens: 1024 },
      totalUsage: {
        inputTokens: 1130,
        outputTokens: 75,
        totalTokens: 1205,
        reasoningTokens: 64,
        cachedInputTokens: 1024,
      },
      steps: [{ content: [{ type: 'text', text: 'Not prime.' }], finishReason: 'stop', usage: {} }],
      response,
    },
    expected: { input: 1130, output: 75, cachedInput: 1024, reasoningOutput: 64, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 5, generateText with two steps: usage is that of the last step',
    source: library,
    api: 'ai-sdk',
    whole: {
      text: 'High tide is at 14:20.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 117, outputTokens: 12, totalTokens: 129 },
      totalUsage: { inputTokens: 201, outputTokens: 31, totalTokens: 232 },
      steps: [
        {
          content: [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'get_tide', input: { port: 'Porto' } }],
          finishReason: 'tool-calls',
          usage: { inputTokens: 84, outputTokens: 19, totalTokens: 103 },
        },
        {
          content: [{ type: 'text', text: 'High tide is at 14:20.' }],
          finishReason: 'stop',
          usage: { inputTokens: 117, outputTokens: 12, totalTokens: 129 },
        },
      ],
      response,
    },
    expected: { input: 201, output: 31, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 5, generateObject, the model states no counts',
    source: library,
    api: 'ai-sdk',
    whole: {
      object: { river: 'Douro' },
      finishReason: 'unknown',
      usage: { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
      warnings: [],
      response,
    },
    expected: { finishReason: 'other' },
  },
  {
    name: 'AI SDK 5, fullStream, one step',
    source: library,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'Porto' },
      { type: 'text-delta', id: '0', text: ' lies on the Douro.' },
      { type: 'text-end', id: '0' },
      finishStep('stop', { inputTokens: 11, outputTokens: 8, totalTokens: 19 }),
      {
        type: 'finish',
        finishReason: 'stop',
        totalUsage: { inputTokens: 11, outputTokens: 8, totalTokens: 19, cachedInputTokens: 0 },
      },
    ],
    expected: { input: 11, output: 8, cachedInput: 0, finishReason: 'stop', firstOutput: 3, lastChunk: 7 },
  },
  {
    name: 'AI SDK 5, fullStream, two steps with reasoning and a tool: finish has the sum',
    source: library,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'reasoning-start', id: 'r1' },
      { type: 'reasoning-delta', id: 'r1', text: 'I need the tide.' },
      { type: 'reasoning-end', id: 'r1' },
      { type: 'tool-input-start', id: 'call_2', toolName: 'get_tide' },
      { type: 'tool-input-delta', id: 'call_2', delta: '{"port":"Faro"}' },
      { type: 'tool-input-end', id: 'call_2' },
      { type: 'tool-call', toolCallId: 'call_2', toolName: 'get_tide', input: { port: 'Faro' } },
      { type: 'tool-result', toolCallId: 'call_2', toolName: 'get_tide', input: { port: 'Faro' }, output: '03:05' },
      finishStep('tool-calls', { inputTokens: 81, outputTokens: 40, totalTokens: 121, reasoningTokens: 22 }),
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'At 03:05.' },
      { type: 'text-end', id: '0' },
      finishStep('stop', { inputTokens: 133, outputTokens: 7, totalTokens: 140, reasoningTokens: 0 }),
      {
        type: 'finish',
        finishReason: 'stop',
        totalUsage: { inputTokens: 214, outputTokens: 47, totalTokens: 261, reasoningTokens: 22 },
      },
    ],
    expected: { input: 214, output: 47, reasoningOutput: 22, finishReason: 'stop', firstOutput: 3, lastChunk: 16 },
  },
  {
    name: 'AI SDK 5, fullStream, error after the first text',
    source: library,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'The' },
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      finishStep('error', { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined }),
      {
        type: 'finish',
        finishReason: 'error',
        totalUsage: { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
      },
    ],
    expected: { finishReason: 'error', firstOutput: 3, lastChunk: 6, error: 'ModelProtocolError' },
  },
  {
    name: 'AI SDK 5, doGenerate with a tool call',
    source: specification,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'tool-call', toolCallId: 'call_3', toolName: 'get_tide', input: '{"port":"Cork"}' }],
      finishReason: 'tool-calls',
      usage: { inputTokens: 88, outputTokens: 21, totalTokens: 109 },
      warnings: [],
    },
    expected: { input: 88, output: 21, finishReason: 'tool_calls' },
  },
  {
    name: 'AI SDK 5, doStream',
    source: specification,
    api: 'ai-sdk',
    chunks: [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', id: 'chatcmpl-4T', modelId: 'gpt-5-mini' },
      { type: 'text-start', id: 'txt-0' },
      { type: 'text-delta', id: 'txt-0', delta: 'One, two' },
      { type: 'text-end', id: 'txt-0' },
      {
        type: 'finish',
        finishReason: 'length',
        usage: { inputTokens: 9, outputTokens: 5, totalTokens: 14, reasoningTokens: 0, cachedInputTokens: 3 },
      },
    ],
    expected: {
      input: 9,
      output: 5,
      cachedInput: 3,
      reasoningOutput: 0,
      finishReason: 'length',
      firstOutput: 3,
      lastChunk: 5,
    },
  },
  {
    name: 'AI SDK 5, embedMany',
    source: library,
    api: 'ai-sdk',
    whole: {
      values: ['tide', 'ebb'],
      embeddings: [
        [0.0121, -0.0413],
        [0.0388, 0.0094],
      ],
      usage: { tokens: 9 },
      responses: [{ headers: {} }],
    },
    expected: { input: 9, finishReason: 'stop' },
  },
  {
    name: "AI SDK 5, generateText with Anthropic's provider, whose inputTokens excludes the cache",
    source: 'https://unpkg.com/@ai-sdk/anthropic@2/dist/index.mjs',
    api: 'ai-sdk',
    whole: {
      text: 'Yes.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 5, outputTokens: 3, totalTokens: 8, cachedInputTokens: 1700 },
      totalUsage: { inputTokens: 5, outputTokens: 3, totalTokens: 8, cachedInputTokens: 1700 },
      steps: [{ finishReason: 'stop', usage: { inputTokens: 5, outputTokens: 3, cachedInputTokens: 1700 } }],
      providerMetadata: {
        anthropic: {
          usage: {
            input_tokens: 5,
            cache_creation_input_tokens: 120,
            cache_read_input_tokens: 1700,
            output_tokens: 3,
          },
          cacheCreationInputTokens: 120,
        },
      },
      response,
    },
    expected: { input: 1825, output: 3, cachedInput: 1700, cacheWrite: 120, finishReason: 'stop' },
  },
];

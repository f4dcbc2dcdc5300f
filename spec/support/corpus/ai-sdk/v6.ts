import type { CorpusCase } from '../corpus-case.js';

const streamParts = 'https://unpkg.com/ai@6.0.326/src/generate-text/stream-text-result.ts';
const usageTypes = 'https://unpkg.com/ai@6.0.326/src/types/usage.ts';
const specification = 'https://unpkg.com/@ai-sdk/provider@3.0.19/src/language-model/v3/language-model-v3-usage.ts';
const streamSpecification =
  'https://unpkg.com/@ai-sdk/provider@3.0.19/src/language-model/v3/language-model-v3-stream-part.ts';

const response = { id: 'aitxt-8RwM', timestamp: new Date('2026-03-02T09:31:12Z'), modelId: 'claude-sonnet-4-5' };
const startStep = { type: 'start-step', request: {}, warnings: [] };

/** The usage of AI SDK 6, with the details and the deprecated counts. */
function usage(input: number, cacheRead: number, cacheWrite: number, text: number, reasoning: number): object {
  return {
    inputTokens: input,
    inputTokenDetails: {
      noCacheTokens: input - cacheRead - cacheWrite,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
    },
    outputTokens: text + reasoning,
    outputTokenDetails: { textTokens: text, reasoningTokens: reasoning },
    totalTokens: input + text + reasoning,
    reasoningTokens: reasoning,
    cachedInputTokens: cacheRead,
  };
}

function finishStep(finishReason: string, rawFinishReason: string, stepUsage: object): object {
  return {
    type: 'finish-step',
    finishReason,
    rawFinishReason,
    usage: stepUsage,
    response,
    providerMetadata: undefined,
  };
}

/** Values of AI SDK 6, whose models follow version 3 of the specification. */
export const aiSdkV6: readonly CorpusCase[] = [
  {
    name: 'AI SDK 6, generateText with cache and reasoning',
    source: usageTypes,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'text', text: 'Not prime.' }],
      text: 'Not prime.',
      toolCalls: [],
      finishReason: 'stop',
      rawFinishReason: 'end_turn',
      usage: usage(2104, 2000, 100, 9, 55),
      totalUsage: usage(2104, 2000, 100, 9, 55),
      steps: [{ finishReason: 'stop', usage: usage(2104, 2000, 100, 9, 55) }],
      response,
    },
    expected: {
      input: 2104,
      output: 64,
      cachedInput: 2000,
      cacheWrite: 100,
      reasoningOutput: 55,
      finishReason: 'stop',
    },
  },
  {
    name: 'AI SDK 6, generateText with two steps that ends with a tool call',
    source: streamParts,
    api: 'ai-sdk',
    whole: {
      text: '',
      toolCalls: [{ type: 'tool-call', toolCallId: 'call_2', toolName: 'book', input: { hour: 14 } }],
      finishReason: 'tool-calls',
      rawFinishReason: 'tool_use',
      usage: usage(130, 0, 0, 20, 0),
      totalUsage: usage(220, 0, 60, 37, 0),
      steps: [
        { finishReason: 'tool-calls', usage: usage(90, 0, 60, 17, 0) },
        { finishReason: 'tool-calls', usage: usage(130, 0, 0, 20, 0) },
      ],
      response,
    },
    expected: {
      input: 220,
      output: 37,
      cachedInput: 0,
      cacheWrite: 60,
      reasoningOutput: 0,
      finishReason: 'tool_calls',
    },
  },
  {
    name: 'AI SDK 6, fullStream, two steps: finish has the sum',
    source: streamParts,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'tool-input-start', id: 'call_3', toolName: 'get_tide' },
      { type: 'tool-input-delta', id: 'call_3', delta: '{"port":"Faro"}' },
      { type: 'tool-input-end', id: 'call_3' },
      { type: 'tool-call', toolCallId: 'call_3', toolName: 'get_tide', input: { port: 'Faro' } },
      { type: 'tool-result', toolCallId: 'call_3', toolName: 'get_tide', input: { port: 'Faro' }, output: '03:05' },
      finishStep('tool-calls', 'tool_use', usage(80, 0, 50, 18, 0)),
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'At 03:05.' },
      { type: 'text-end', id: '0' },
      finishStep('stop', 'end_turn', usage(106, 50, 7, 6, 0)),
      { type: 'finish', finishReason: 'stop', rawFinishReason: 'end_turn', totalUsage: usage(186, 50, 57, 24, 0) },
    ],
    expected: {
      input: 186,
      output: 24,
      cachedInput: 50,
      cacheWrite: 57,
      reasoningOutput: 0,
      finishReason: 'stop',
      firstOutput: 3,
      lastChunk: 13,
    },
  },
  {
    name: 'AI SDK 6, fullStream, cancelled by the caller',
    source: streamParts,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'The' },
      { type: 'abort', reason: 'This operation was aborted' },
    ],
    expected: { finishReason: 'cancelled', firstOutput: 3 },
  },
  {
    name: 'AI SDK 6, doGenerate',
    source: specification,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'text', text: 'The first reason' }],
      finishReason: { unified: 'length', raw: 'max_tokens' },
      usage: {
        inputTokens: { total: 340, noCache: 20, cacheRead: 300, cacheWrite: 20 },
        outputTokens: { total: 64, text: 52, reasoning: 12 },
        raw: { input_tokens: 20, output_tokens: 64 },
      },
      warnings: [],
    },
    expected: {
      input: 340,
      output: 64,
      cachedInput: 300,
      cacheWrite: 20,
      reasoningOutput: 12,
      finishReason: 'length',
    },
  },
  {
    name: 'AI SDK 6, doGenerate, the details are unknown',
    source: specification,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'tool-call', toolCallId: 'call_4', toolName: 'get_tide', input: '{"port":"Cork"}' }],
      finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
      usage: {
        inputTokens: { total: 91, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 22, text: undefined, reasoning: undefined },
      },
      warnings: [],
    },
    expected: { input: 91, output: 22, finishReason: 'tool_calls' },
  },
  {
    name: 'AI SDK 6, doStream',
    source: streamSpecification,
    api: 'ai-sdk',
    chunks: [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', id: 'msg_01', modelId: 'claude-sonnet-4-5' },
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: '27 = 3 x 9' },
      { type: 'reasoning-end', id: '0' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Not prime.' },
      { type: 'text-end', id: '1' },
      {
        type: 'finish',
        finishReason: { unified: 'stop', raw: 'end_turn' },
        usage: {
          inputTokens: { total: 45, noCache: 45, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 70, text: 6, reasoning: 64 },
        },
      },
    ],
    expected: {
      input: 45,
      output: 70,
      cachedInput: 0,
      cacheWrite: 0,
      reasoningOutput: 64,
      finishReason: 'stop',
      firstOutput: 3,
      lastChunk: 8,
    },
  },
  {
    name: 'AI SDK 6, embed',
    source: usageTypes,
    api: 'ai-sdk',
    whole: { value: 'ebb', embedding: [0.0388, 0.0094], usage: { tokens: 3 }, warnings: [], response: { headers: {} } },
    expected: { input: 3, finishReason: 'stop' },
  },
];

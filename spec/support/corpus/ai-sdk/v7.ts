import type { CorpusCase } from '../corpus-case.js';

const result = 'https://unpkg.com/ai@7.0.173/src/generate-text/generate-text-result.ts';
const streamParts = 'https://unpkg.com/ai@7.0.173/src/generate-text/stream-text-result.ts';
const embedding = 'https://unpkg.com/@ai-sdk/provider@4.0.38/src/embedding-model/v4/embedding-model-v4-result.ts';
const specification =
  'https://unpkg.com/@ai-sdk/provider@4.0.38/src/language-model/v4/language-model-v4-generate-result.ts';
const streamSpecification =
  'https://unpkg.com/@ai-sdk/provider@4.0.38/src/language-model/v4/language-model-v4-stream-part.ts';
const finishReasons =
  'https://unpkg.com/@ai-sdk/provider@4.0.38/src/language-model/v4/language-model-v4-finish-reason.ts';

const response = { id: 'aitxt-5NcD', timestamp: new Date('2026-03-02T09:44:30Z'), modelId: 'claude-sonnet-4-5' };
const startStep = { type: 'start-step', request: {}, warnings: [] };

/** The usage of AI SDK 7: without the counts that AI SDK 6 deprecated. */
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
    raw: undefined,
  };
}

function finishStep(finishReason: string, rawFinishReason: string | undefined, stepUsage: object): object {
  const performance = {
    effectiveOutputTokensPerSecond: 41.2,
    outputTokensPerSecond: 55.8,
    inputTokensPerSecond: 910.4,
  };
  return { type: 'finish-step', response, usage: stepUsage, performance, finishReason, rawFinishReason };
}

/** Values of AI SDK 7, whose models follow version 4 of the specification. */
export const aiSdkV7: readonly CorpusCase[] = [
  {
    name: 'AI SDK 7, generateText with cache and reasoning',
    source: result,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'text', text: 'Not prime.' }],
      text: 'Not prime.',
      toolCalls: [],
      finishReason: 'stop',
      rawFinishReason: 'end_turn',
      usage: usage(1530, 1400, 90, 8, 47),
      steps: [{ finishReason: 'stop', usage: usage(1530, 1400, 90, 8, 47) }],
      response,
    },
    expected: {
      input: 1530,
      output: 55,
      cachedInput: 1400,
      cacheWrite: 90,
      reasoningOutput: 47,
      finishReason: 'stop',
    },
  },
  {
    name: 'AI SDK 7, generateText with two steps: usage and totalUsage are the sum',
    source: result,
    api: 'ai-sdk',
    whole: {
      text: 'High tide is at 14:20.',
      toolCalls: [],
      finishReason: 'stop',
      rawFinishReason: 'end_turn',
      usage: usage(209, 0, 0, 33, 0),
      totalUsage: usage(209, 0, 0, 33, 0),
      steps: [
        { finishReason: 'tool-calls', usage: usage(87, 0, 0, 20, 0) },
        { finishReason: 'stop', usage: usage(122, 0, 0, 13, 0) },
      ],
      finalStep: { finishReason: 'stop', usage: usage(122, 0, 0, 13, 0) },
      response,
    },
    expected: {
      input: 209,
      output: 33,
      cachedInput: 0,
      cacheWrite: 0,
      reasoningOutput: 0,
      finishReason: 'stop',
    },
  },
  {
    name: 'AI SDK 7, fullStream, one step with a ping',
    source: streamParts,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'ping' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'One, two' },
      { type: 'text-end', id: '0' },
      finishStep('length', 'max_tokens', usage(19, 0, 12, 5, 0)),
      { type: 'finish', finishReason: 'length', rawFinishReason: 'max_tokens', totalUsage: usage(19, 0, 12, 5, 0) },
    ],
    expected: {
      input: 19,
      output: 5,
      cachedInput: 0,
      cacheWrite: 12,
      reasoningOutput: 0,
      finishReason: 'length',
      firstOutput: 4,
      lastChunk: 7,
    },
  },
  {
    name: 'AI SDK 7, fullStream, the provider broke off: interrupted',
    source: finishReasons,
    api: 'ai-sdk',
    chunks: [
      { type: 'start' },
      startStep,
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'The' },
      finishStep('interrupted', undefined, { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined }),
      {
        type: 'finish',
        finishReason: 'interrupted',
        rawFinishReason: undefined,
        totalUsage: { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
      },
    ],
    expected: { finishReason: 'other', firstOutput: 3, lastChunk: 5 },
  },
  {
    name: 'AI SDK 7, doGenerate',
    source: specification,
    api: 'ai-sdk',
    whole: {
      content: [{ type: 'text', text: 'Granite is an igneous rock.' }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 27, noCache: 16, cacheRead: 11, cacheWrite: undefined },
        outputTokens: { total: 58, text: 7, reasoning: 51 },
        raw: { prompt_tokens: 27, completion_tokens: 58 },
      },
      request: { url: 'https://models.example/v1/chat/completions' },
      warnings: [],
    },
    expected: { input: 27, output: 58, cachedInput: 11, reasoningOutput: 51, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 7, doStream with a tool call',
    source: streamSpecification,
    api: 'ai-sdk',
    chunks: [
      { type: 'stream-start', warnings: [] },
      { type: 'ping' },
      { type: 'response-metadata', id: 'chatcmpl-7K', modelId: 'gpt-5-mini' },
      { type: 'tool-input-start', id: 'call_1', toolName: 'get_tide' },
      { type: 'tool-input-delta', id: 'call_1', delta: '' },
      { type: 'tool-input-delta', id: 'call_1', delta: '{"port":"Porto"}' },
      { type: 'tool-input-end', id: 'call_1' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'get_tide', input: '{"port":"Porto"}' },
      {
        type: 'finish',
        finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
        usage: {
          inputTokens: { total: 94, noCache: 94, cacheRead: 0, cacheWrite: undefined },
          outputTokens: { total: 23, text: undefined, reasoning: undefined },
        },
      },
    ],
    expected: { input: 94, output: 23, cachedInput: 0, finishReason: 'tool_calls', firstOutput: 5, lastChunk: 8 },
  },
  {
    name: 'AI SDK 7, doEmbed',
    source: embedding,
    api: 'ai-sdk',
    whole: {
      embeddings: [
        [0.0117, -0.0235],
        [0.0071, 0.0302],
      ],
      usage: { tokens: 13 },
      warnings: [],
    },
    expected: { input: 13, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 7, doEmbed without usage',
    source: embedding,
    api: 'ai-sdk',
    whole: { embeddings: [[0.0117, -0.0235]], warnings: [] },
    expected: { finishReason: 'stop' },
  },
];

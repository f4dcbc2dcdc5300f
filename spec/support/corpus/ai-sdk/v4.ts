import type { CorpusCase } from '../corpus-case.js';

const library = 'https://unpkg.com/ai@4.3.19/dist/index.d.ts';
const specification = 'https://unpkg.com/@ai-sdk/provider@1.1.3/dist/index.d.ts';

const response = { id: 'aitxt-7HfK', timestamp: new Date('2026-03-02T09:14:07Z'), modelId: 'gpt-4o-mini' };
const rawCall = { rawPrompt: null, rawSettings: {} };

function stepStart(messageId: string): object {
  return { type: 'step-start', messageId, request: {}, warnings: [] };
}

function stepFinish(messageId: string, finishReason: string, usage: object): object {
  return { type: 'step-finish', messageId, finishReason, usage, response, isContinued: false };
}

/** Values of AI SDK 4, whose models follow version 1 of the specification. Counts that a model leaves out are NaN. */
export const aiSdkV4: readonly CorpusCase[] = [
  {
    name: 'AI SDK 4, generateText',
    source: library,
    api: 'ai-sdk',
    whole: {
      text: 'Lisbon lies on the Tagus.',
      reasoning: undefined,
      toolCalls: [],
      toolResults: [],
      finishReason: 'stop',
      usage: { promptTokens: 13, completionTokens: 7, totalTokens: 20 },
      steps: [
        {
          stepType: 'initial',
          text: 'Lisbon lies on the Tagus.',
          finishReason: 'stop',
          usage: { promptTokens: 13, completionTokens: 7, totalTokens: 20 },
        },
      ],
      response,
    },
    expected: { input: 13, output: 7, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 4, generateText with two steps: usage is their sum',
    source: library,
    api: 'ai-sdk',
    whole: {
      text: 'High tide is at 14:20.',
      toolCalls: [],
      toolResults: [],
      finishReason: 'stop',
      usage: { promptTokens: 193, completionTokens: 29, totalTokens: 222 },
      steps: [
        {
          stepType: 'initial',
          text: '',
          toolCalls: [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'get_tide', args: { port: 'Porto' } }],
          finishReason: 'tool-calls',
          usage: { promptTokens: 82, completionTokens: 18, totalTokens: 100 },
        },
        {
          stepType: 'tool-result',
          text: 'High tide is at 14:20.',
          toolCalls: [],
          finishReason: 'stop',
          usage: { promptTokens: 111, completionTokens: 11, totalTokens: 122 },
        },
      ],
      response,
    },
    expected: { input: 193, output: 29, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 4, generateObject with token limit reached',
    source: library,
    api: 'ai-sdk',
    whole: {
      object: { river: 'Douro' },
      finishReason: 'length',
      usage: { promptTokens: 47, completionTokens: 16, totalTokens: 63 },
      response,
    },
    expected: { input: 47, output: 16, finishReason: 'length' },
  },
  {
    name: 'AI SDK 4, generateText, the model states no counts',
    source: library,
    api: 'ai-sdk',
    whole: {
      text: 'Yes.',
      toolCalls: [],
      finishReason: 'unknown',
      usage: { promptTokens: Number.NaN, completionTokens: Number.NaN, totalTokens: Number.NaN },
      steps: [],
      response,
    },
    expected: { finishReason: 'other' },
  },
  {
    name: 'AI SDK 4, fullStream, one step',
    source: library,
    api: 'ai-sdk',
    chunks: [
      stepStart('msg-1'),
      { type: 'text-delta', textDelta: 'Porto' },
      { type: 'text-delta', textDelta: ' lies on the Douro.' },
      stepFinish('msg-1', 'stop', { promptTokens: 12, completionTokens: 8, totalTokens: 20 }),
      {
        type: 'finish',
        finishReason: 'stop',
        usage: { promptTokens: 12, completionTokens: 8, totalTokens: 20 },
        response,
      },
    ],
    expected: { input: 12, output: 8, finishReason: 'stop', firstOutput: 1, lastChunk: 4 },
  },
  {
    name: 'AI SDK 4, fullStream, two steps: finish has the sum',
    source: library,
    api: 'ai-sdk',
    chunks: [
      stepStart('msg-1'),
      { type: 'tool-call-streaming-start', toolCallId: 'call_2', toolName: 'get_tide' },
      { type: 'tool-call-delta', toolCallId: 'call_2', toolName: 'get_tide', argsTextDelta: '{"port":"Faro"}' },
      { type: 'tool-call', toolCallId: 'call_2', toolName: 'get_tide', args: { port: 'Faro' } },
      { type: 'tool-result', toolCallId: 'call_2', toolName: 'get_tide', args: { port: 'Faro' }, result: '03:05' },
      stepFinish('msg-1', 'tool-calls', { promptTokens: 79, completionTokens: 17, totalTokens: 96 }),
      stepStart('msg-2'),
      { type: 'text-delta', textDelta: 'At 03:05.' },
      stepFinish('msg-2', 'stop', { promptTokens: 104, completionTokens: 6, totalTokens: 110 }),
      {
        type: 'finish',
        finishReason: 'stop',
        usage: { promptTokens: 183, completionTokens: 23, totalTokens: 206 },
        response,
      },
    ],
    expected: { input: 183, output: 23, finishReason: 'stop', firstOutput: 2, lastChunk: 9 },
  },
  {
    name: 'AI SDK 4, fullStream, reasoning first',
    source: library,
    api: 'ai-sdk',
    chunks: [
      stepStart('msg-1'),
      { type: 'reasoning', textDelta: '27 = 3 x 9' },
      { type: 'reasoning-signature', signature: 'EqQBCgIYAhIM' },
      { type: 'text-delta', textDelta: 'Not prime.' },
      stepFinish('msg-1', 'stop', { promptTokens: 15, completionTokens: 44, totalTokens: 59 }),
      {
        type: 'finish',
        finishReason: 'stop',
        usage: { promptTokens: 15, completionTokens: 44, totalTokens: 59 },
        response,
      },
    ],
    expected: { input: 15, output: 44, finishReason: 'stop', firstOutput: 1, lastChunk: 5 },
  },
  {
    name: 'AI SDK 4, doGenerate with a tool call',
    source: specification,
    api: 'ai-sdk',
    whole: {
      text: undefined,
      toolCalls: [{ toolCallType: 'function', toolCallId: 'call_3', toolName: 'get_tide', args: '{"port":"Cork"}' }],
      finishReason: 'tool-calls',
      usage: { promptTokens: 86, completionTokens: 19 },
      rawCall,
      warnings: [],
    },
    expected: { input: 86, output: 19, finishReason: 'tool_calls' },
  },
  {
    name: 'AI SDK 4, doStream, only the output is counted',
    source: specification,
    api: 'ai-sdk',
    chunks: [
      {
        type: 'response-metadata',
        id: 'chatcmpl-9Z',
        timestamp: new Date('2026-03-02T09:14:07Z'),
        modelId: 'llama3.2',
      },
      { type: 'text-delta', textDelta: 'No.' },
      { type: 'finish', finishReason: 'content-filter', usage: { promptTokens: Number.NaN, completionTokens: 2 } },
    ],
    expected: { output: 2, finishReason: 'other', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'AI SDK 4, embed',
    source: library,
    api: 'ai-sdk',
    whole: { value: 'tide', embedding: [0.0121, -0.0413, 0.0388], usage: { tokens: 4 }, rawResponse: { headers: {} } },
    expected: { input: 4, finishReason: 'stop' },
  },
  {
    name: 'AI SDK 4, embedMany, the model states no count',
    source: library,
    api: 'ai-sdk',
    whole: { values: ['tide', 'ebb'], embeddings: [[0.0121], [0.0094]], usage: { tokens: Number.NaN } },
    expected: { finishReason: 'stop' },
  },
];

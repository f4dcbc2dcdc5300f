import { expect } from 'chai';
import { aiSdk, isAiSdkPart } from '../../../lib/core/providers/ai-sdk.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const framing = [
  ...['start', 'stream-start', 'response-metadata', 'start-step', 'step-start', 'finish-step', 'step-finish', 'finish'],
  ...['text-start', 'text-end', 'reasoning-start', 'reasoning-end', 'reasoning-signature', 'tool-input-start'],
  ...['tool-input-end', 'tool-call-streaming-start', 'tool-result', 'tool-error', 'raw', 'error', 'abort', 'ping'],
];
const output = [
  ...['text', 'text-delta', 'reasoning', 'reasoning-delta', 'redacted-reasoning', 'tool-input-delta'],
  ...['tool-call-delta', 'tool-call', 'source', 'file'],
];
const both = { inputTokens: 12, outputTokens: 34 };

describe('the reader of the AI SDK', () => {
  describe('counts', () => {
    const whole = { carriesOutput: true };
    testReader(aiSdk, [
      ['a result', { usage: { ...both, totalTokens: 46 } }, { ...whole, usage: both }],
      ['a result of version 4', { usage: { promptTokens: 12, completionTokens: 34 } }, { ...whole, usage: both }],
      ['an embedding', { usage: { tokens: 3 } }, { ...whole, usage: { inputTokens: 3 } }],
      [
        'the total of several steps with priority over the usage of the last step',
        { usage: { inputTokens: 1, outputTokens: 2 }, totalUsage: both },
        { ...whole, usage: both },
      ],
      [
        'a total and its parts',
        {
          usage: {
            inputTokens: { total: 12, cacheRead: 5, cacheWrite: 2 },
            outputTokens: { total: 34, reasoning: 30 },
          },
        },
        { ...whole, usage: { ...both, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 } },
      ],
      ['parts without a total', { usage: { inputTokens: { cacheRead: 5 }, outputTokens: { text: 3 } } }, whole],
      [
        'counts with details',
        {
          usage: {
            ...both,
            inputTokenDetails: { cacheReadTokens: 5, cacheWriteTokens: 2 },
            outputTokenDetails: { reasoningTokens: 30 },
          },
        },
        { ...whole, usage: { ...both, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 } },
      ],
      [
        'counts of version 5 without details',
        { usage: { ...both, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 } },
        { ...whole, usage: { ...both, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 } },
      ],
      [
        'the counts of Anthropic, whose cached tokens version 5 excludes',
        {
          usage: { inputTokens: 12, outputTokens: 34 },
          providerMetadata: {
            anthropic: { usage: { input_tokens: 12, cache_read_input_tokens: 5, output_tokens: 34 } },
          },
        },
        { ...whole, usage: { inputTokens: 17, outputTokens: 34, cachedInputTokens: 5 } },
      ],
      [
        'its own counts if those of Anthropic are for another step',
        {
          usage: both,
          providerMetadata: { anthropic: { usage: { input_tokens: 3, cache_read_input_tokens: 5, output_tokens: 4 } } },
        },
        { ...whole, usage: both },
      ],
      [
        'metadata of Anthropic without usage',
        { usage: both, providerMetadata: { anthropic: {} } },
        { ...whole, usage: both },
      ],
      ['metadata of another provider', { usage: both, providerMetadata: { openai: {} } }, { ...whole, usage: both }],
      ['usage that is not an object', { usage: 'none', totalUsage: 7 }, whole],
    ]);
  });

  describe('parts of a stream', () => {
    testReader(aiSdk, [
      [
        'the end of a step, with the counts of that step',
        { type: 'finish-step', finishReason: 'tool-calls', usage: both },
        { usage: both, isIncrement: true },
      ],
      [
        'the end of a step of version 4',
        { type: 'step-finish', finishReason: 'stop', usage: { promptTokens: 12, completionTokens: 34 } },
        { usage: both, isIncrement: true },
      ],
      [
        'the end',
        { type: 'finish', finishReason: 'stop', totalUsage: both },
        { usage: both, finishReason: 'stop', isLast: true },
      ],
      ['an abort, which does not complete the response', { type: 'abort' }, { finishReason: 'cancelled' }],
      ['an error', { type: 'error', error: 'no' }, { errorType: 'ModelProtocolError' }],
      ['empty text', { type: 'text-delta', id: '0', text: '' }, {}],
      ['empty text of version 4', { type: 'text-delta', textDelta: '' }, {}],
      ['an empty delta', { type: 'text-delta', delta: '' }, {}],
      ['text of version 4', { type: 'text-delta', textDelta: 'Four' }, { carriesOutput: true }],
      [
        'text with priority over the other fields',
        { type: 'text-delta', text: 'Four', textDelta: '' },
        { carriesOutput: true },
      ],
      [
        'the text of an older field with priority over a delta',
        { type: 'text-delta', textDelta: '', delta: 'Four' },
        {},
      ],
      ['a delta', { type: 'tool-input-delta', delta: '{' }, { carriesOutput: true }],
      ['the result of a tool, which is not output', { type: 'tool-result', text: 'Four' }, {}],
    ]);

    it('reads an error object as the thrown error', () => {
      const error = new RangeError('no');
      expect(aiSdk.thrownError?.({ type: 'error', error })).to.equal(error);
      expect(aiSdk.thrownError?.({ type: 'error', error: 'no' })).to.equal(undefined);
      expect(aiSdk.thrownError?.({ type: 'tool-error', error })).to.equal(undefined);
    });

    it('finds output only in the parts that contain some', () => {
      expect(framing.filter((type) => aiSdk.carriesOutput({ type, text: 'Four' }))).to.deep.equal([]);
      expect(output.filter((type) => !aiSdk.carriesOutput({ type }))).to.deep.equal([]);
    });
  });

  describe('the finish reason', () => {
    testReader(aiSdk, [
      ['a name', { finishReason: 'content-filter' }, { carriesOutput: true, finishReason: 'other' }],
      [
        'the finish reason of the SDK, with priority over that of the provider',
        { finishReason: { unified: 'length', raw: 'stop' } },
        { carriesOutput: true, finishReason: 'length' },
      ],
      ['no name', { finishReason: { raw: 'stop' } }, { carriesOutput: true }],
    ]);
  });

  testReaderWithAnything(aiSdk);

  it('isAiSdkPart recognizes the parts by their type', () => {
    expect([...framing, ...output].filter((type) => !isAiSdkPart({ type }))).to.deep.equal([]);
    const others = ['message', 'message_start', 'response.created', '', undefined];
    expect(others.filter((type) => isAiSdkPart({ type }))).to.deep.equal([]);
  });
});

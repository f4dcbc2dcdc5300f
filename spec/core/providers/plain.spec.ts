import { expect } from 'chai';
import type { Fields } from '../../../lib/core/providers/fields.js';
import { anyUsage, needsNoUsage, plain, statesUsage } from '../../../lib/core/providers/plain.js';
import { type ReaderResults, testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const both = { inputTokens: 12, outputTokens: 34 };
const output = { carriesOutput: true } satisfies ReaderResults;
const end = { ...output, finishReason: 'length', isLast: true } satisfies ReaderResults;

describe('the reader of plain results', () => {
  testReader(plain, [
    ['usage', { usage: both }, { ...output, usage: both }],
    ['the usage of a message', { message: { usage: both } }, { ...output, usage: both }],
    ['the usage of a response', { message: {}, response: { usage: both } }, { ...output, usage: both }],
    [
      'its usage first, then that of a message, then that of a response',
      { message: { usage: both }, response: { usage: { inputTokens: 1 } } },
      { ...output, usage: both },
    ],
    [
      'the usage of a message if its own has no counts',
      { usage: {}, message: { usage: both } },
      { ...output, usage: both },
    ],
    ['usage that is not an object', { usage: 'none', message: { usage: 7 }, response: { usage: null } }, output],
    ['a finish reason', { finishReason: 'max-tokens' }, end],
    [
      'the finish reason of the SDK, with priority over that of the provider',
      { finishReason: { unified: 'length' } },
      end,
    ],
    ["OpenAI's name of the reason", { finish_reason: 'length' }, end],
    ["Anthropic's name of the reason", { stop_reason: 'max_tokens' }, end],
    ["Ollama's name of the reason", { done_reason: 'length' }, end],
    [
      'the reasons in order of priority',
      { finishReason: null, finish_reason: null, stop_reason: 'max_tokens', done_reason: 'stop' },
      end,
    ],
    ['the first of two reasons', { finishReason: 'length', finish_reason: 'stop' }, end],
    ['the second of three reasons', { finish_reason: 'length', stop_reason: 'end_turn' }, end],
    [
      "the timings of this project's clients, in seconds",
      { timings: { loadSeconds: 2, reportedLoadSeconds: 3, outputSeconds: 1.5, firstTokenSeconds: 0.5 } },
      { ...output, timings: { loadSeconds: 2, reportedLoadSeconds: 3, outputSeconds: 1.5, firstTokenSeconds: 0.5 } },
    ],
    [
      'timings of which some are zero',
      { timings: { loadSeconds: 0, outputSeconds: 1.5 } },
      { ...output, timings: { outputSeconds: 1.5 } },
    ],
    ['timings that are not an object', { timings: 'none' }, output],
    ['text', { text: 'Four' }, output],
    ['empty text', { text: '', usage: both }, { usage: both }],
    ['empty text with a type', { text: '', type: 'piece' }, output],
    ['an unknown object', { piece: 'Four', error: 'no', tool_calls: [{}] }, output],
  ]);

  testReaderWithAnything(plain);

  const usages: Readonly<Record<string, object>> = {
    'the AI SDK': both,
    'version 4 of the AI SDK': { promptTokens: 12, completionTokens: 34 },
    OpenAI: { prompt_tokens: 12, completion_tokens: 34 },
    'the Responses API': { input_tokens: 12, output_tokens: 34, output_tokens_details: { reasoning_tokens: 0 } },
    Anthropic: { input_tokens: 10, cache_read_input_tokens: 2, output_tokens: 34 },
    Gemini: { promptTokenCount: 12, candidatesTokenCount: 34 },
    Ollama: { prompt_eval_count: 12, eval_count: 34 },
  };
  for (const [provider, usage] of Object.entries(usages)) {
    it(`anyUsage reads the names of ${provider}`, () => expect(anyUsage(usage as never)).to.deep.include(both));
  }

  it('anyUsage reads the details of the Responses API, and adds the cache only for Anthropic', () => {
    const details = { input_tokens: 12, input_tokens_details: { cached_tokens: 5 }, output_tokens: 34 };
    expect(anyUsage(details)).to.deep.include({ ...both, cachedInputTokens: 5 });
    const output = { input_tokens: 12, output_tokens: 34, output_tokens_details: { reasoning_tokens: 30 } };
    expect(anyUsage(output)).to.deep.include({ ...both, reasoningTokens: 30 });
    expect(anyUsage({ ...output, cache_read_input_tokens: 5 })).to.deep.include({ inputTokens: 12 });
    expect(anyUsage({ input_tokens: 12, cache_creation_input_tokens: 5 })).to.deep.include({
      ...{ inputTokens: 17, cacheWriteTokens: 5 },
    });
  });

  it('anyUsage uses the first names that have a value', () => {
    const names = { prompt_tokens: 1, input_tokens: 2, promptTokenCount: 3, prompt_eval_count: 4 };
    expect(anyUsage({ ...names, inputTokens: 12, outputTokens: 34 })).to.deep.include(both);
    expect(anyUsage(names)).to.deep.include({ inputTokens: 1 });
    expect(anyUsage({ ...names, prompt_tokens: null })).to.deep.include({ inputTokens: 2 });
    expect(anyUsage({ promptTokenCount: 3, prompt_eval_count: 4 })).to.deep.include({ inputTokens: 3 });
    expect(anyUsage({ cost: 7 })).to.equal(undefined);
    expect(anyUsage({ inputTokens: 3, completion_tokens: 4 })).to.deep.include({ inputTokens: 3, outputTokens: 4 });
    expect(anyUsage({ tokens: 7, prompt_tokens: 3 })).to.deep.include({ inputTokens: 3 });
    expect(anyUsage({ tokens: 7 })).to.deep.include({ inputTokens: 7 });
  });

  it('needsNoUsage recognizes vectors, token counts, images and values that are not responses', () => {
    const all = [
      ...[
        { embedding: [1] },
        { embeddings: [] },
        { totalTokens: 7 },
        { input_tokens: 0 },
        { images: [] },
        { results: [] },
      ],
      ...[{}, new Float32Array(2), new RangeError('no')],
    ] as unknown as readonly Fields[];
    expect(all.filter((value) => !needsNoUsage(value))).to.deep.equal([]);
    const others = [{ piece: 'Four' }, { embedding: 1 }, { totalTokens: '7' }, { input_tokens: null }];
    expect(others.filter(needsNoUsage)).to.deep.equal([]);
  });

  it('statesUsage finds a usage object with a value', () => {
    const usage = { tokens: 3 };
    const all = [{ usage }, { totalUsage: usage }, { usageMetadata: usage }, { usage_metadata: usage }];
    expect([...all, { usage: null, totalUsage: { a: '', b: 0 } }].filter((value) => !statesUsage(value))).to.deep.equal(
      [],
    );
    const others = [{}, { usage: {} }, { usage: null }, { usage: 'text' }, { usage: { a: null, b: '', c: [] } }];
    expect(others.filter(statesUsage)).to.deep.equal([]);
  });
});

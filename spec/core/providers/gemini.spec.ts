import { expect } from 'chai';
import { gemini, isGemini } from '../../../lib/core/providers/gemini.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const candidate = (parts: unknown, finishReason?: string) => ({ content: { role: 'model', parts }, finishReason });
const call = { functionCall: { name: 'sum', args: {} } };
const open = { choices: [[0, undefined]] } as const;

describe('the reader of Gemini', () => {
  testReader(gemini, [
    [
      'a response with thoughts and results of tools, which are counted separately',
      {
        candidates: [candidate([{ text: 'Four' }], 'STOP')],
        usageMetadata: {
          ...{ promptTokenCount: 12, toolUsePromptTokenCount: 3, cachedContentTokenCount: 5 },
          ...{ candidatesTokenCount: 30, thoughtsTokenCount: 4, totalTokenCount: 49 },
        },
      },
      {
        ...{ carriesOutput: true, finishReason: 'stop', isLast: true, choices: [[0, 'stop']] },
        usage: { inputTokens: 15, outputTokens: 34, cachedInputTokens: 5, reasoningTokens: 4 },
      },
    ],
    [
      'counts of the Live API',
      { usageMetadata: { promptTokenCount: 1, responseTokenCount: 2 } },
      { usage: { inputTokens: 1, outputTokens: 2 } },
    ],
    ['a count of only the prompt', { usageMetadata: { promptTokenCount: 1 } }, { usage: { inputTokens: 1 } }],
    ['a usage object without counts', { usageMetadata: {} }, {}],
    [
      'the counts of embeddings, one with each vector',
      {
        embeddings: [
          { values: [1], statistics: { tokenCount: 3 } },
          { values: [2], statistics: { tokenCount: 4 } },
        ],
      },
      { usage: { inputTokens: 7 } },
    ],
    ['embeddings without counts', { embeddings: [{ values: [1] }] }, {}],
    ['a chunk of text', { candidates: [candidate([{ text: 'Four' }])] }, { carriesOutput: true, ...open }],
    ['a chunk without text', { candidates: [candidate([{ text: '' }])] }, open],
    [
      'a thought, which is output',
      { candidates: [candidate([{ text: 'Hm', thought: true }])] },
      { carriesOutput: true, ...open },
    ],
    ['an image', { candidates: [candidate([{ inlineData: { data: 'x' } }])] }, { carriesOutput: true, ...open }],
    ['code', { candidates: [candidate([{ executableCode: { code: '2+2' } }])] }, { carriesOutput: true, ...open }],
    [
      'a part after an empty one',
      { candidates: [candidate([{ text: '' }, { text: 'Four' }])] },
      { carriesOutput: true, ...open },
    ],
    [
      'parts of other types',
      { candidates: [candidate([{ inlineData: 'x', executableCode: 1, functionCall: 'no' }])] },
      open,
    ],
    [
      'a candidate without content',
      { candidates: [{ finishReason: 'MAX_TOKENS' }] },
      { finishReason: 'length', isLast: true, choices: [[0, 'length']] },
    ],
    ['a tool call', { candidates: [candidate([call])] }, { carriesOutput: true, callsTools: true, ...open }],
    [
      'the end of a tool call, which Gemini calls STOP',
      { candidates: [candidate([{ text: '' }, call], 'STOP')] },
      { carriesOutput: true, callsTools: true, finishReason: 'tool_calls', isLast: true, choices: [[0, 'stop']] },
    ],
    [
      'a tool call that was cut off',
      { candidates: [candidate([call], 'MAX_TOKENS')] },
      { carriesOutput: true, callsTools: true, finishReason: 'length', isLast: true, choices: [[0, 'length']] },
    ],
    [
      'several candidates, each with its index',
      {
        candidates: [
          { index: 1, ...candidate([{ text: 'a' }], 'SAFETY') },
          { index: 0, ...candidate([]) },
        ],
      },
      {
        carriesOutput: true,
        finishReason: 'other',
        isLast: true,
        choices: [
          [1, 'other'],
          [0, undefined],
        ],
      },
    ],
    ['a blocked prompt', { promptFeedback: { blockReason: 'SAFETY' } }, { finishReason: 'other', isLast: true }],
    ['feedback without a block', { promptFeedback: { safetyRatings: [] } }, {}],
    ['an error', { error: { code: 503, message: 'overloaded' } }, { errorType: 'ModelProtocolError' }],
  ]);

  testReaderWithAnything(gemini);

  it('isGemini recognizes the fields of the API by their types', () => {
    const embeddings = [{ embeddings: [{ values: [1] }] }, { embeddings: [{}, { values: [] }] }];
    const all = [{ candidates: [] }, { usageMetadata: {} }, { promptFeedback: {} }, ...embeddings];
    expect(all.filter((value) => !isGemini(value))).to.deep.equal([]);
    const others = [{}, { candidates: {} }, { usageMetadata: 1 }, { promptFeedback: 'no' }, { embeddings: [[1]] }];
    expect([...others, { embeddings: [{ values: 'x' }] }].filter(isGemini)).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { isOpenAIChat, isOpenAIError, openaiChat } from '../../../lib/core/providers/openai-chat.js';
import { type ReaderResults, testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const open = { choices: [[0, undefined]] } as const;
const stopped = { finishReason: 'stop', isLast: true, choices: [[0, 'stop']] } as const satisfies ReaderResults;
const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
const message = (fields: object, reason = 'stop') => ({ choices: [{ message: fields, finish_reason: reason }] });
const call = { id: 'c1', function: { name: 'sum' } };

describe('the reader of the chat API of OpenAI', () => {
  describe('counts', () => {
    const both = { usage: { inputTokens: 12, outputTokens: 34 } };
    const counts = { prompt_tokens: 12, completion_tokens: 34 };
    testReader(openaiChat, [
      ['a usage object', { usage: { ...counts, total_tokens: 46 } }, both],
      [
        'cached, written and reasoning tokens in the details',
        {
          usage: {
            ...counts,
            prompt_tokens_details: { cached_tokens: 5, cache_write_tokens: 2 },
            completion_tokens_details: { reasoning_tokens: 30 },
          },
        },
        { usage: { ...both.usage, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 } },
      ],
      [
        'cached tokens with the name that DeepSeek uses',
        { usage: { ...counts, prompt_cache_hit_tokens: 5, cached_tokens: 9 } },
        { usage: { ...both.usage, cachedInputTokens: 5 } },
      ],
      [
        'cached and reasoning tokens outside the details',
        { usage: { ...counts, cached_tokens: 5, reasoning_tokens: 30, prompt_tokens_details: null } },
        { usage: { ...both.usage, cachedInputTokens: 5, reasoningTokens: 30 } },
      ],
      [
        'the counts of an embedding',
        { object: 'list', data: [], usage: { prompt_tokens: 12 } },
        { usage: { inputTokens: 12 } },
      ],
      [
        'the total tokens of an embedding whose vectors were not kept',
        { object: 'list', usage: { total_tokens: 12 } },
        { usage: { inputTokens: 12 } },
      ],
      ["Groq's counts of a stream", { usage: null, x_groq: { id: 'r1', usage: counts } }, both],
      ['metadata of Groq without counts', { x_groq: { id: 'r1' } }, {}],
      ['usage that is not an object', { usage: 'none' }, {}],
      [
        'counts in the timings of llama.cpp, whose prompt excludes the cache',
        { timings: { prompt_n: 2, cache_n: 10, predicted_n: 34, predicted_ms: 500 } },
        { usage: { ...both.usage, cachedInputTokens: 10 }, timings: { outputSeconds: 0.5 } },
      ],
      [
        'the usage object with priority over the timings; only the cached tokens come from the timings',
        { usage: counts, timings: { prompt_n: 1, cache_n: 11, predicted_n: 99 } },
        { usage: { ...both.usage, cachedInputTokens: 11 } },
      ],
      [
        'the cached tokens of the usage object with priority over those of the timings',
        { usage: { ...counts, prompt_tokens_details: { cached_tokens: 5 } }, timings: { prompt_n: 1, cache_n: 11 } },
        { usage: { ...both.usage, cachedInputTokens: 5 } },
      ],
      ['timings without counts', { usage: counts, timings: {} }, both],
      [
        'the seconds of Groq',
        { usage: { ...counts, completion_time: 0.25 } },
        { ...both, timings: { outputSeconds: 0.25 } },
      ],
      [
        "the seconds of Groq's stream",
        { x_groq: { usage: { ...counts, completion_time: 0.25 } } },
        { ...both, timings: { outputSeconds: 0.25 } },
      ],
      [
        'the milliseconds of the timings with priority over the seconds',
        { usage: { ...counts, completion_time: 9 }, timings: { predicted_ms: 250 } },
        { ...both, timings: { outputSeconds: 0.25 } },
      ],
    ]);
  });

  describe('output', () => {
    const output = { carriesOutput: true, ...open };
    testReader(openaiChat, [
      ['text', delta({ content: 'Four' }), output],
      ['reasoning of vLLM', delta({ content: null, reasoning_content: 'Hm' }), output],
      ['reasoning of OpenRouter', delta({ content: '', reasoning: 'Hm' }), output],
      ['a refusal', delta({ content: null, refusal: 'No' }), output],
      ['audio', delta({ audio: { data: 'x' } }), output],
      ['a completion', { choices: [{ text: 'Four' }] }, output],
      ['the number 0 as text', { choices: [{ text: 0 }] }, output],
      ['a message in place of a delta', message({ content: 'Four' }), { carriesOutput: true, ...stopped }],
      ['a delta with priority over a message', { choices: [{ delta: {}, message: { content: 'Four' } }] }, open],
      [
        'the second of two choices',
        { choices: [{ delta: {} }, { delta: { content: 'Four' } }] },
        {
          carriesOutput: true,
          choices: [
            [0, undefined],
            [1, undefined],
          ],
        },
      ],
      ['only a role', delta({ role: 'assistant', content: '' }), open],
      ['a choice without a delta', { choices: [null, { index: 0 }, 'text'] }, open],
      ['no choices', { choices: [] }, {}],
      ['choices that are not a list', { choices: 'none' }, {}],
    ]);
  });

  describe('the end', () => {
    testReader(openaiChat, [
      ['a stop', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, stopped],
      [
        'the first reason of several choices',
        { choices: [null, { delta: {} }, { delta: {}, finish_reason: 'length' }, { finish_reason: 'stop' }] },
        {
          finishReason: 'length',
          isLast: true,
          choices: [
            [1, undefined],
            [2, 'length'],
            [3, 'stop'],
          ],
        },
      ],
      ['no reason yet', { choices: [{ index: 0, delta: {}, finish_reason: null }] }, open],
      ['a tool call', delta({ tool_calls: [call] }), { carriesOutput: true, callsTools: true, ...open }],
      [
        'a function call',
        delta({ function_call: { name: 'sum' } }),
        { carriesOutput: true, callsTools: true, ...open },
      ],
      ['an empty list of tool calls', delta({ content: null, tool_calls: [] }), open],
      [
        'a tool call that a server ends with "stop"',
        message({ content: null, tool_calls: [call] }),
        { carriesOutput: true, callsTools: true, finishReason: 'tool_calls', isLast: true, choices: [[0, 'stop']] },
      ],
      [
        'a tool call that was cut off',
        message({ content: null, tool_calls: [call] }, 'length'),
        { carriesOutput: true, callsTools: true, finishReason: 'length', isLast: true, choices: [[0, 'length']] },
      ],
      [
        'a tool call of the second choice',
        { choices: ['none', { delta: { tool_calls: [call] } }] },
        { carriesOutput: true, callsTools: true, choices: [[1, undefined]] },
      ],
    ]);
  });

  describe('errors', () => {
    testReader(openaiChat, [
      ['an error in place of a chunk', { error: { message: 'no memory' } }, { errorType: 'ModelProtocolError' }],
      [
        'an error with a choice that failed',
        { error: { message: 'no' }, choices: [{ delta: {}, finish_reason: 'error' }] },
        { errorType: 'ModelServerError', finishReason: 'error', isLast: true, choices: [[0, 'error']] },
      ],
      [
        'an error with a choice that stopped',
        { error: { message: 'no' }, choices: [{ delta: {}, finish_reason: 'stop' }] },
        { errorType: 'ModelProtocolError', ...stopped },
      ],
      [
        'a choice that failed, without an error',
        { choices: [{ delta: {}, finish_reason: 'error' }] },
        { finishReason: 'error', isLast: true, choices: [[0, 'error']] },
      ],
    ]);
  });

  testReaderWithAnything(openaiChat);

  it('isOpenAIChat recognizes chats, completions and embeddings', () => {
    const all = [{ choices: [] }, { object: 'list', data: [] }, { object: 'list', usage: {} }, { x_groq: {} }];
    expect(all.filter((value) => !isOpenAIChat(value))).to.deep.equal([]);
    const others = [{}, { choices: {} }, { object: 'list' }, { data: [] }, { object: 'run', data: [] }, { x_groq: 1 }];
    expect(others.filter(isOpenAIChat)).to.deep.equal([]);
  });

  it('isOpenAIError recognizes the error object of the API', () => {
    expect(isOpenAIError({ error: { message: 'no' } })).to.equal(true);
    const others = [{}, { error: 'no' }, { error: null }, { error: { code: 7 } }, { error: new Error('no') }];
    expect(others.filter(isOpenAIError)).to.deep.equal([]);
  });
});

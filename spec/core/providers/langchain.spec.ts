import { expect } from 'chai';
import { isLangchain, langchain } from '../../../lib/core/providers/langchain.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const both = { inputTokens: 12, outputTokens: 34 };
const camel = { promptTokens: 12, completionTokens: 34 };
const call = { name: 'sum', args: {} };

describe('the reader of LangChain', () => {
  describe('counts', () => {
    testReader(langchain, [
      [
        'a message, whose input includes cached tokens',
        {
          content: '',
          usage_metadata: {
            ...{ input_tokens: 12, input_token_details: { cache_read: 5, cache_creation: 2 } },
            ...{ output_tokens: 34, output_token_details: { reasoning: 30 } },
          },
        },
        {
          isIncrement: true,
          usage: { ...both, cachedInputTokens: 5, cacheWriteTokens: 2, reasoningTokens: 30 },
        },
      ],
      ['token usage in the metadata', { response_metadata: { tokenUsage: camel } }, { usage: both }],
      ['estimated token usage', { response_metadata: { estimatedTokenUsage: camel } }, { usage: both }],
      [
        'token usage with priority over an estimate',
        { response_metadata: { tokenUsage: camel, estimatedTokenUsage: { promptTokens: 1 } } },
        { usage: both },
      ],
      ['the output of a model other than a chat model', { llmOutput: { tokenUsage: camel } }, { usage: both }],
      [
        'the output of a model with priority over the metadata',
        { llmOutput: { tokenUsage: camel }, response_metadata: { tokenUsage: { promptTokens: 1 } } },
        { usage: both },
      ],
      [
        'the counts of the provider in the metadata',
        { response_metadata: { usage: { prompt_tokens: 12, completion_tokens: 34 } } },
        { usage: both },
      ],
      [
        "the counts of Groq's stream in the metadata",
        { response_metadata: { x_groq: { usage: { prompt_tokens: 12, completion_tokens: 34 } } } },
        { usage: both },
      ],
      ['metadata without counts', { response_metadata: { usage: 'none', x_groq: 1, tokenUsage: 2 } }, {}],
      [
        'a result with the counts in its message',
        { generations: [[{ text: '', message: { usage_metadata: { input_tokens: 12, output_tokens: 34 } } }]] },
        { isIncrement: true, usage: both },
      ],
      [
        'a result with a flat list',
        { generations: [{ message: { usage_metadata: { input_tokens: 12, output_tokens: 34 } } }] },
        { isIncrement: true, usage: both },
      ],
      [
        'a generation without a message',
        { generations: [[{ message: 'none', usage_metadata: { input_tokens: 12 } }]] },
        { isIncrement: true, usage: { inputTokens: 12 } },
      ],
      ['a result without generations', { generations: [] }, {}],
    ]);
  });

  describe('output', () => {
    const output = { carriesOutput: true };
    testReader(langchain, [
      ['text', { content: 'Four' }, output],
      ['empty text', { content: '', tool_call_chunks: [] }, {}],
      ['no content', {}, {}],
      ['reasoning of DeepSeek', { content: '', additional_kwargs: { reasoning_content: 'Hm' } }, output],
      ['other arguments', { content: '', additional_kwargs: { reasoning_content: '' } }, {}],
      ['a tool call', { content: '', tool_calls: [call] }, { ...output, callsTools: true }],
      ['a piece of a tool call', { content: '', tool_call_chunks: [call] }, { ...output, callsTools: true }],
      ['a block of text', { content: [{ type: 'text', text: 'Four' }] }, output],
      ['a block of thinking', { content: [{ type: 'thinking', thinking: 'Hm' }] }, output],
      ['a block of reasoning', { content: [{ type: 'reasoning', reasoning: 'Hm' }] }, output],
      ['a block of another type', { content: [{ type: 'image_url' }] }, output],
      ['a text among the blocks', { content: ['Four'] }, output],
      ['a block after an empty one', { content: [{ type: 'text', text: '' }, { type: 'tool_use' }] }, output],
      ['an empty list', { content: [] }, {}],
      ['empty values among the blocks', { content: ['', null] }, {}],
    ]);

    it('finds no output in empty blocks of text', () => {
      const types = ['text', 'text_delta', 'thinking', 'reasoning', 'signature'];
      const empty = { text: '', thinking: '', reasoning: '' };
      expect(types.filter((type) => langchain.carriesOutput({ content: [{ type, ...empty }] }))).to.deep.equal([]);
    });
  });

  describe('events of `streamEvents`', () => {
    const event = (name: string, data: object) => ({ event: name, run_id: 'r1', name: 'ChatOpenAI', data });
    const usage_metadata = { input_tokens: 12, output_tokens: 34 };
    const last = { content: '', usage_metadata, response_metadata: { finish_reason: 'length' } };
    testReader(langchain, [
      ['the start of a model', event('on_chat_model_start', { input: 'What is 2+2?' }), {}],
      ['a chunk', event('on_chat_model_stream', { chunk: { content: 'Four' } }), { carriesOutput: true }],
      ['an older chunk', event('on_llm_stream', { chunk: { content: 'Four' } }), { carriesOutput: true }],
      [
        'the last chunk',
        event('on_chat_model_stream', { chunk: last }),
        { isIncrement: true, usage: both, finishReason: 'length' },
      ],
      [
        'a part of a tool call',
        event('on_chat_model_stream', { chunk: { tool_call_chunks: [call] } }),
        { carriesOutput: true },
      ],
      ['the output of a model, which repeats its chunks', event('on_chat_model_end', { output: last }), {}],
      ['a chunk of a chain, which repeats those of its model', event('on_chain_stream', { chunk: last }), {}],
      ['a chunk without a message', event('on_chat_model_stream', { chunk: 'none' }), {}],
    ]);

    it('are recognized by their name, their run and their data', () => {
      const start = event('on_chat_model_start', { input: 'x' });
      expect(isLangchain(start)).to.equal(true);
      for (const other of [{ event: 'start' }, { run_id: 7 }, { data: 'x' }]) {
        expect(isLangchain({ ...start, ...other })).to.equal(false);
      }
    });
  });

  describe('the finish reason', () => {
    const stop = { finishReason: 'stop' } as const;
    const names = ['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason'];
    testReader(langchain, [
      ...names.map((name) => [name, { response_metadata: { [name]: 'end_turn' } }, stop] as const),
      [
        'the first of several names',
        { response_metadata: { finish_reason: null, stop_reason: 'max_tokens', done_reason: 'stop' } },
        { finishReason: 'length' },
      ],
      ['arguments of older versions', { additional_kwargs: { stop_reason: 'end_turn' } }, stop],
      [
        'information about a generation',
        { generations: [[{ text: 'Four', generationInfo: { finish_reason: 'stop' } }]] },
        stop,
      ],
      [
        'the metadata first, then the arguments, then the generation information',
        {
          generations: [
            [
              {
                message: { response_metadata: {}, additional_kwargs: { stop_reason: 'max_tokens' } },
                generationInfo: { finish_reason: 'stop' },
              },
            ],
          ],
        },
        { finishReason: 'length' },
      ],
      ['the end of a message of Bedrock', { response_metadata: { messageStop: { stopReason: 'end_turn' } } }, stop],
      ['the Responses API', { response_metadata: { object: 'response', status: 'completed' } }, stop],
      ['a status of another object', { response_metadata: { object: 'run', status: 'completed' } }, {}],
      [
        'a tool call that a provider ends with "stop"',
        { tool_calls: [call], response_metadata: { finish_reason: 'stop' } },
        { finishReason: 'tool_calls', callsTools: true, carriesOutput: true },
      ],
      [
        'a tool call that was cut off',
        { tool_calls: [call], response_metadata: { finish_reason: 'length' } },
        { finishReason: 'length', callsTools: true, carriesOutput: true },
      ],
      ['metadata without a reason', { response_metadata: {}, additional_kwargs: null }, {}],
      ['no reason in the message itself', { finish_reason: 'stop', error: 'no' }, {}],
    ]);
  });

  testReaderWithAnything(langchain);

  it('isLangchain recognizes messages, chunks and results', () => {
    const all = [{ usage_metadata: {} }, { response_metadata: {} }, { tool_call_chunks: [] }, { generations: [] }];
    expect(all.filter((value) => !isLangchain(value))).to.deep.equal([]);
    const others = [
      {},
      { usage_metadata: 1 },
      { response_metadata: 'x' },
      { tool_call_chunks: {} },
      { generations: {} },
    ];
    expect(others.filter(isLangchain)).to.deep.equal([]);
  });
});

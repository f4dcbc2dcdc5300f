import { expect } from 'chai';
import { isOllama, ollama } from '../../../lib/core/providers/ollama.js';
import { testReader, testReaderWithAnything } from '../../support/reader-cases.js';

const toolCall = { function: { name: 'sum', arguments: {} } };

describe('the reader of Ollama', () => {
  testReader(ollama, [
    ['a chunk of a chat', { message: { role: 'assistant', content: 'Four' }, done: false }, { carriesOutput: true }],
    ['a chunk without output', { message: { role: 'assistant', content: '' }, done: false }, {}],
    ['thinking in a chat', { message: { content: '', thinking: 'Hm' }, done: false }, { carriesOutput: true }],
    ['a chunk of a completion', { response: 'Four', done: false }, { carriesOutput: true }],
    ['thinking in a completion', { response: '', thinking: 'Hm', done: false }, { carriesOutput: true }],
    ['fields of a message without one', { content: 'Four', message: 'none' }, { carriesOutput: true }],
    ['tool calls without a message', { tool_calls: [toolCall] }, { carriesOutput: true }],
    [
      'a tool call',
      { message: { content: '', tool_calls: [toolCall] }, done: false },
      { callsTools: true, carriesOutput: true },
    ],
    ['a list without tool calls', { message: { tool_calls: [] } }, {}],
    [
      'the last chunk, durations in nanoseconds',
      {
        ...{ message: { content: '' }, done: true, done_reason: 'stop' },
        ...{ prompt_eval_count: 12, eval_count: 34, load_duration: 1_500_000_000, eval_duration: 250_000_000 },
      },
      {
        usage: { inputTokens: 12, outputTokens: 34 },
        ...{ finishReason: 'stop', isLast: true, timings: { reportedLoadSeconds: 1.5, outputSeconds: 0.25 } },
      },
    ],
    [
      'a whole response with a tool call',
      { message: { content: '', tool_calls: [toolCall] }, done: true, done_reason: 'stop' },
      { finishReason: 'tool_calls', callsTools: true, carriesOutput: true, isLast: true },
    ],
    [
      'a tool call that was cut off',
      { message: { tool_calls: [toolCall] }, done: true, done_reason: 'length' },
      { finishReason: 'length', callsTools: true, carriesOutput: true, isLast: true },
    ],
    ['a load', { response: '', done: true, done_reason: 'load' }, { finishReason: 'other', isLast: true }],
    ['no reason before the end', { done: false, done_reason: 'stop' }, {}],
    ['a last chunk without a reason', { done: true }, { isLast: true }],
    [
      'a cached prompt, whose count is missing',
      { done: true, eval_count: 3 },
      { isLast: true, usage: { outputTokens: 3 } },
    ],
    ['an embedding', { embeddings: [[1]], prompt_eval_count: 11 }, { usage: { inputTokens: 11 } }],
    ['only a load duration', { load_duration: 1e9 }, { timings: { reportedLoadSeconds: 1 } }],
    ['only an output duration', { load_duration: -1, eval_duration: 5e8 }, { timings: { outputSeconds: 0.5 } }],
    ['zero as no duration', { load_duration: 0, eval_duration: 'long' }, {}],
    ['an error', { error: 'no memory' }, { errorType: 'ModelProtocolError' }],
  ]);

  testReaderWithAnything(ollama);

  it('isOllama recognizes the fields of the API by their types', () => {
    const fields = [{ done: true }, { done: false }, { prompt_eval_count: 0 }, { eval_count: 1 }, { load_duration: 2 }];
    expect(fields.filter((value) => !isOllama(value))).to.deep.equal([]);
    const others = [{}, { done: 'yes' }, { prompt_eval_count: '1' }, { eval_count: null }, { load_duration: '2' }];
    expect(others.filter(isOllama)).to.deep.equal([]);
  });
});

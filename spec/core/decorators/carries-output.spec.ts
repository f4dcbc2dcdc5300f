import { expect } from 'chai';
import { carriesOutput } from '../../../lib/core/decorators/carries-output.js';

const says: Readonly<Record<string, unknown>> = {
  text: 'Four',
  bytes: new Uint8Array([52]),
  "a number, of somebody's own": 4,
  "Ollama's generate": { model: 'm', response: 'Four', done: false },
  "Ollama's chat": { model: 'm', message: { role: 'assistant', content: 'Four' }, done: false },
  "Ollama's thoughts": { model: 'm', message: { role: 'assistant', content: '', thinking: 'hm' }, done: false },
  "Ollama's thoughts of a completion": { model: 'm', response: '', thinking: 'hm', done: false },
  "Ollama's call of a tool": { message: { content: '', tool_calls: [{ function: {} }] }, done: false },
  "OpenAI's delta": { choices: [{ delta: { content: 'Four' }, finish_reason: null }] },
  "OpenAI's call of a tool": { choices: [{ delta: { tool_calls: [{ index: 0 }] } }] },
  "OpenAI's completion": { choices: [{ text: 'Four' }] },
  "vLLM's thoughts": { choices: [{ delta: { reasoning_content: 'hm' } }] },
  "OpenAI's refusal": { choices: [{ delta: { content: null, refusal: 'no' } }] },
  "OpenAI's call of a function": { choices: [{ delta: { function_call: { name: 'sum' } } }] },
  "OpenAI's sound": { choices: [{ delta: { audio: { data: 'x' } } }] },
  "OpenRouter's thoughts": { choices: [{ delta: { content: '', reasoning: 'hm' } }] },
  'the second of two choices': { choices: [{ delta: {} }, { delta: { content: 'Four' } }] },
  'the number 0 as a text': { choices: [{ text: 0 }] },
  "LangChain's call of a tool": { content: '', tool_call_chunks: [{ name: 'sum' }] },
  'a type that is no text': { type: 7 },
  'a text beside a type of its own': { type: 'piece', text: '' },
  'what is null': null,
  "the Responses API's delta": { type: 'response.output_text.delta', delta: 'Four' },
  "Anthropic's delta": { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Four' } },
  "the AI SDK's delta": { type: 'text-delta', id: '0', delta: 'Four' },
  "the AI SDK's call of a tool": { type: 'tool-call', toolName: 'sum' },
  "LangChain's message": { content: 'Four', tool_call_chunks: [] },
  'our own chunk': { text: 'Four' },
  "somebody's own chunk": { piece: 'Four' },
};

const frames: Readonly<Record<string, unknown>> = {
  'an empty text': '',
  "Ollama's end": { model: 'm', response: '', done: true, eval_count: 3 },
  "Ollama's end of a chat": { message: { role: 'assistant', content: '' }, done: true },
  "OpenAI's role": { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  "OpenAI's end": { choices: [{ delta: {}, finish_reason: 'stop' }] },
  "OpenAI's usage": { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
  "OpenAI's choice without a delta": { choices: [{ index: 0 }, null] },
  'an empty call of a tool': { choices: [{ delta: { content: null, tool_calls: [] } }] },
  "Ollama's frame without a message": { done: false, message: 'none' },
  "the Responses API's beginning": { type: 'response.created', response: { object: 'response' } },
  "the Responses API's end": { type: 'response.completed', response: { object: 'response' } },
  "Anthropic's beginning": { type: 'message_start', message: {} },
  "Anthropic's ping": { type: 'ping' },
  "the AI SDK's beginning": { type: 'stream-start', warnings: [] },
  "the AI SDK's end": { type: 'finish', usage: {} },
  "LangChain's end": { content: '', tool_call_chunks: [], usage_metadata: {} },
  'our own end': { text: '', usage: {} },
};

describe('what a chunk carries', () => {
  for (const [name, chunk] of Object.entries(says)) {
    it(`${name} carries output`, () => expect(carriesOutput(chunk)).to.equal(true));
  }
  for (const [name, chunk] of Object.entries(frames)) {
    it(`${name} carries none`, () => expect(carriesOutput(chunk)).to.equal(false));
  }

  it('is nothing in any frame of the AI SDK, of Anthropic and of the Responses API', () => {
    const frames = [
      ...['start', 'stream-start', 'response-metadata', 'start-step', 'finish-step', 'finish', 'text-start'],
      ...['text-end', 'reasoning-start', 'reasoning-end', 'tool-input-start', 'tool-input-end', 'error', 'abort'],
      ...['ping', 'message_start', 'message_delta', 'message_stop', 'content_block_start', 'content_block_stop'],
      ...['response.output_text.done', 'response.deltas'],
    ];
    expect(frames.filter((type) => carriesOutput({ type, content: 'text' }))).to.deep.equal([]);
    const outputs = ['reasoning-delta', 'tool-input-delta', 'file', 'response.refusal.delta', 'other.response.created'];
    expect(outputs.filter((type) => !carriesOutput({ type }))).to.deep.equal([]);
  });
});

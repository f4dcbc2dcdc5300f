import { expect } from 'chai';
import fc from 'fast-check';
import { type ChatRequest, readChatRequest } from '../../../lib/executor/chat-server/chat-request.js';

const question = { role: 'user', content: 'Why?' };

function read(fields: object): ChatRequest {
  const result = readChatRequest({ model: 'm', messages: [question], ...fields });
  if ('rejection' in result) throw new Error(result.rejection.error.message);
  return result.request;
}

function refused(body: unknown): { status: number; param: string | null; message: string } {
  const result = readChatRequest(body);
  if ('request' in result) throw new Error('the request was not rejected');
  const { status, error } = result.rejection;
  return { status, param: error.param, message: error.message };
}

describe('readChatRequest', () => {
  it('reads a minimal request', () => {
    expect(readChatRequest({ model: 'm', messages: [question] })).to.deep.equal({
      request: { model: 'm', question: 'Why?', history: [], answer: {}, stream: false, includeUsage: false },
    });
  });

  it('uses the latest user message as the question, and all other messages as the history', () => {
    const text = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }));
    const message = fc.record({ role: fc.constantFrom('system', 'developer', 'user', 'assistant'), content: text });
    fc.assert(
      fc.property(fc.array(message), fc.string(), fc.array(text), (before, asked, systems) => {
        const words = (content: string | string[]) => (Array.isArray(content) ? content.join('\n') : content);
        const after = systems.map((content) => ({ role: 'system', content }));
        const sent = [...before, { role: 'user', content: `${asked}?` }, ...after].map(({ role, content }) => ({
          role,
          content: Array.isArray(content) ? content.map((part) => ({ type: 'text', text: part })) : content,
        }));
        const request = read({ messages: sent });
        expect(request.question).to.equal(`${asked}?`);
        expect(request.history).to.deep.equal(
          [...before, ...after].map(({ role, content }) => ({
            role: role === 'developer' ? 'system' : role,
            content: words(content),
          })),
        );
      }),
    );
  });

  it('reads the token limit and the temperature', () => {
    expect(read({ max_tokens: 5, temperature: 0 }).answer).to.deep.equal({ maxTokens: 5, temperature: 0 });
    expect(read({ max_tokens: 5, max_completion_tokens: 7 }).answer).to.deep.equal({ maxTokens: 7 });
    expect(read({ max_tokens: null, temperature: null }).answer).to.deep.equal({});
  });

  it('reads whether to stream, and whether to include the usage', () => {
    expect(read({ stream: true, stream_options: { include_usage: true } })).to.include({
      stream: true,
      includeUsage: true,
    });
    expect(read({ stream: null, stream_options: null })).to.include({ stream: false, includeUsage: false });
  });

  it('ignores sampling parameters, unknown parameters and empty unsupported parameters', () => {
    const ignored = { top_p: 0.5, seed: 1, presence_penalty: 1, user: 'ada', metadata: {}, store: false, zebra: 1 };
    const empty = { n: 1, stop: null, tools: [], functions: [], logprobs: false, modalities: ['text'], audio: null };
    const request = read({ ...ignored, ...empty, response_format: { type: 'text' }, tool_choice: 'none' });
    expect(request).to.deep.equal(read({}));
  });

  const wrong: readonly [object, string | null][] = [
    [{ model: undefined }, 'model'],
    [{ model: 3 }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: 'Why?' }, 'messages'],
    [{ messages: [{ role: 'tool', content: '4' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ messages: [question, { role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[1].content'],
    [{ messages: [question, { role: 'assistant', content: 'So' }] }, 'messages'],
    [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'messages'],
    [{ messages: [question, { role: 'user', content: ' \n' }] }, 'messages[1].content'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_completion_tokens: 1.5 }, 'max_completion_tokens'],
    [{ temperature: 2.1 }, 'temperature'],
    [{ temperature: 'hot' }, 'temperature'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    [{ n: 2 }, 'n'],
    [{ stop: 'END' }, 'stop'],
    [{ stop: ['END'] }, 'stop'],
    [{ tools: [{ type: 'function' }] }, 'tools'],
    [{ functions: [{}] }, 'functions'],
    [{ logprobs: true }, 'logprobs'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ audio: { voice: 'ash' } }, 'audio'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
  ];
  for (const [fields, param] of wrong) {
    it(`rejects ${JSON.stringify(fields)}`, () => {
      const { message, ...facts } = refused({ model: 'm', messages: [question], ...fields });
      expect(facts).to.deep.equal({ status: 400, param });
      expect(message)
        .to.match(/^.+\.$/)
        .and.to.include(param ?? '');
    });
  }

  it('rejects bodies that are not objects, and never throws', () => {
    for (const body of [null, undefined, 3, 'a', [], [question]]) {
      expect(refused(body)).to.deep.equal({
        status: 400,
        param: null,
        message: 'The body: expected a JSON object.',
      });
    }
    fc.assert(fc.property(fc.jsonValue(), (body) => void readChatRequest(body)));
  });
});

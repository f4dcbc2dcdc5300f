import { expect } from 'chai';
import { aiSdk } from '../../../lib/core/providers/ai-sdk.js';
import { anthropic } from '../../../lib/core/providers/anthropic.js';
import { gemini } from '../../../lib/core/providers/gemini.js';
import { langchain } from '../../../lib/core/providers/langchain.js';
import { ollama } from '../../../lib/core/providers/ollama.js';
import { openaiChat } from '../../../lib/core/providers/openai-chat.js';
import { openaiResponses } from '../../../lib/core/providers/openai-responses.js';
import { plain } from '../../../lib/core/providers/plain.js';
import { isLazyResult, isRecognized, readerOf } from '../../../lib/core/providers/reader-of.js';
import type { ResponseReader } from '../../../lib/core/providers/response-reader.js';

/** A result of the AI SDK's `streamText`, whose getters consume the stream. */
class StreamResult {
  get usage(): never {
    throw new Error('consumed');
  }
  get textStream(): never {
    throw new Error('consumed');
  }
}

class Answer {
  readonly usage = { inputTokens: 1 };
}

const cases: readonly (readonly [name: string, response: object, reader: ResponseReader])[] = [
  ['a chat of OpenAI', { object: 'chat.completion', choices: [] }, openaiChat],
  ['a chat with a type', { choices: [], type: 'message_start' }, openaiChat],
  ["the error of OpenAI's API", { error: { message: 'no' } }, openaiChat],
  ['a response of the Responses API', { object: 'response' }, openaiResponses],
  ['an event of the Responses API', { type: 'response.created' }, openaiResponses],
  ['an event of Anthropic', { type: 'message_start' }, anthropic],
  ['a ping, which the AI SDK has too', { type: 'ping' }, anthropic],
  ['a part of the AI SDK', { type: 'text-delta' }, aiSdk],
  ['a result of the AI SDK', { totalUsage: {} }, aiSdk],
  ['a response of Ollama', { done: true }, ollama],
  ['an error of Ollama, which any class could contain', { error: 'no' }, plain],
  ['a response of Gemini', { candidates: [] }, gemini],
  ['a message of LangChain', { usage_metadata: {} }, langchain],
  ['a class of the application', new Answer(), plain],
  ['a usage that is not an object', { totalUsage: 7 }, plain],
  ['an object', {}, plain],
];

describe('readerOf', () => {
  for (const [name, response, reader] of cases) {
    it(`recognizes ${name}`, () => {
      expect(readerOf(response as never)).to.equal(reader);
      expect(isRecognized(reader)).to.equal(reader !== plain);
    });
  }

  it('does not read a stream result, because its getters would consume the stream', () => {
    const response = new StreamResult() as never;
    const reader = readerOf(response);
    expect(isRecognized(reader)).to.equal(false);
    expect(reader).to.not.equal(plain);
    const { usage, finishReason, timings, errorType, callsTools, carriesOutput, isLast } = reader;
    expect([usage, finishReason, timings, errorType].map((read) => read(response))).to.deep.equal(
      Array(4).fill(undefined),
    );
    expect([callsTools, carriesOutput, isLast].map((read) => read(response))).to.deep.equal([false, true, false]);
  });

  it('isLazyResult recognizes classes with a text stream, not plain objects', () => {
    expect(isLazyResult(new StreamResult())).to.equal(true);
    expect([{ textStream: 'its own' }, new Answer(), {}].filter(isLazyResult)).to.deep.equal([]);
  });
});

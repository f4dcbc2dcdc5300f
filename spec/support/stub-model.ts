import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from '../../lib/executor/models/model-client.js';

/** The result of a stub model: a text, or an error to throw. */
export type StubAnswer = string | Error;

/** A model client for specs. It returns the given results, streams them word by word, and records the requests. */
export class StubModel implements ModelClient {
  readonly provider = 'stub';
  readonly model = 'stub-1';
  readonly requests: ModelRequest[] = [];
  readonly streamed: ModelRequest[] = [];

  constructor(readonly answer: (request: ModelRequest) => StubAnswer | Promise<StubAnswer> = () => 'an answer') {}

  async generate(request: ModelRequest): Promise<ModelResponse> {
    this.requests.push(request);
    const text = await this.answer(request);
    if (text instanceof Error) throw text;
    return { text, model: this.model, finishReason: 'stop', usage: { inputTokens: 7, outputTokens: 3 }, timings: {} };
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk> {
    this.streamed.push(request);
    const text = await this.answer(request);
    if (text instanceof Error) throw text;
    for (const piece of text.split(/(?<= )/)) yield { text: piece };
    yield { text: '', finishReason: 'stop', usage: { inputTokens: 7, outputTokens: 3 } };
  }
}

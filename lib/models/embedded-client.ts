import { TrackRequest } from '../decorators/track-request.js';
import { ModelUnavailableError } from '../errors.js';
import { computeAnswer } from './arithmetic.js';
import { tokensOf } from './embedded/tokens.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse, TokenUsage } from './model-client.js';

/** What the embedded client's provider, and its only model, are called. */
export const embeddedName = 'embedded';

const howToConnect =
  'to connect a language model, install Ollama from https://ollama.com, run `ollama pull qwen2.5:0.5b`, and choose it with `--provider ollama`';

const tracked = {
  model: (self: EmbeddedClient) => self.model,
  graph: (_self: EmbeddedClient, [request]: readonly [ModelRequest]) => request.graph,
};

/**
 * Answers arithmetic in process, with nothing to install: sums, percentages, powers, roots, unit conversions.
 *
 * It is deterministic and reads the prompt alone. Anything that is no arithmetic is a `ModelUnavailableError` that says
 * how to connect a language model. Tokens, of the instructions and earlier turns too, are words, numbers and
 * punctuation marks.
 */
export class EmbeddedClient implements ModelClient {
  readonly provider = embeddedName;
  readonly model = embeddedName;

  @TrackRequest({ ...tracked, requestType: 'generate' })
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const text = await this.#answer(request);
    return { text, model: this.model, finishReason: 'stop', usage: usageOf(request, text), timings: {} };
  }

  /** Answers token by token. */
  @TrackRequest({ ...tracked, requestType: 'stream' })
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const text = await this.#answer(request);
    const tokens = tokensOf(text);
    const last = tokens.length - 1;
    for (const [index, token] of tokens.entries()) {
      request.signal?.throwIfAborted();
      yield index < last
        ? { text: token }
        : { text: token, finishReason: 'stop', usage: usageOf(request, text), timings: {} };
    }
  }

  async #answer({ prompt, signal }: ModelRequest): Promise<string> {
    signal?.throwIfAborted();
    const answer = await computeAnswer(prompt);
    signal?.throwIfAborted();
    if (answer !== undefined) return answer;
    throw new ModelUnavailableError(
      `The embedded client only computes (arithmetic, percentages, powers, roots, unit conversions), and found nothing to compute in the question; ${howToConnect}.`,
      { provider: this.provider, model: this.model },
    );
  }
}

function usageOf({ prompt, system = '', history = [] }: ModelRequest, answer: string): TokenUsage {
  const read = [system, ...history.map(({ content }) => content), prompt];
  return {
    inputTokens: read.reduce((sum, text) => sum + tokensOf(text).length, 0),
    outputTokens: tokensOf(answer).length,
  };
}

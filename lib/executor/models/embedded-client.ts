import { TrackRequest } from 'tinyllm';
import { ModelUnavailableError } from 'tinyllm/recording';
import { computeAnswer } from './arithmetic.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { tracked } from './tracked.js';

/** What the embedded client's provider, and its only model, are called. */
export const embeddedName = 'embedded';

const howToConnect =
  'to connect a language model, install Ollama from https://ollama.com, run `ollama pull qwen2.5:0.5b`, and choose it with `--provider ollama`';

/** An answer in tokens, and how it ended. */
type Answer = Omit<ModelResponse, 'text' | 'model'> & { readonly tokens: readonly string[] };

/**
 * Answers arithmetic in process, with nothing to install: sums, percentages, powers, roots, unit conversions.
 *
 * It is deterministic and reads the prompt alone. Anything that is no arithmetic is a `ModelUnavailableError` that says
 * how to connect a language model. Tokens, of the instructions and earlier turns too, are words, numbers and
 * punctuation marks. There is no chance in it that a temperature could change.
 */
export class EmbeddedClient implements ModelClient {
  readonly provider = embeddedName;
  readonly model = embeddedName;

  @TrackRequest({ ...tracked, requestType: 'generate' })
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const { tokens, ...end } = await this.#answer(request);
    return { text: tokens.join(''), model: this.model, ...end };
  }

  /** Answers token by token. */
  @TrackRequest({ ...tracked, requestType: 'stream' })
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const { tokens, ...end } = await this.#answer(request);
    const last = tokens.length - 1;
    for (const [index, token] of tokens.entries()) {
      request.signal?.throwIfAborted();
      yield index < last ? { text: token } : { text: token, ...end };
    }
  }

  async #answer(request: ModelRequest): Promise<Answer> {
    const { prompt, format, maxTokens, signal } = request;
    signal?.throwIfAborted();
    const answer = await computeAnswer(prompt);
    signal?.throwIfAborted();
    if (answer !== undefined) {
      const whole = tokensOf(format === 'json' ? asJson(answer) : answer);
      const tokens = whole.slice(0, maxTokens);
      return {
        tokens,
        finishReason: tokens.length < whole.length ? 'length' : 'stop',
        usage: { inputTokens: tokensRead(request), outputTokens: tokens.length },
        timings: {},
      };
    }
    throw new ModelUnavailableError(
      `The embedded client only computes (arithmetic, percentages, powers, roots, unit conversions), and found nothing to compute in the question; ${howToConnect}.`,
      { provider: this.provider, model: this.model },
    );
  }
}

function tokensRead({ prompt, system = '', history = [] }: ModelRequest): number {
  const read = [system, ...history.map(({ content }) => content), prompt];
  return read.reduce((sum, text) => sum + tokensOf(text).length, 0);
}

/** A number as it is; anything else as a JSON string. */
function asJson(answer: string): string {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(answer) ? answer : JSON.stringify(answer);
}

const token = /\s*(?:\d+(?:[.,]\d+)*|[\p{L}\p{M}]+|\S)|\s+$/gu;

/**
 * Splits a text into tokens: each word, number and punctuation mark is one, with the white space before it.
 *
 * The tokens joined are the text. "3.1 miles, please" is four: `3.1`, ` miles`, `,` and ` please`.
 */
export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

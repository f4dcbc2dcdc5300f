import { TrackRequest } from 'tinyllm';
import { ModelUnavailableError } from 'tinyllm/recording';
import { computeAnswer } from './arithmetic.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { tracked } from './tracked.js';

/** The name of the embedded provider and of its only model. */
export const embeddedName = 'embedded';

const howToConnect =
  'to connect a language model, install Ollama from https://ollama.com, run `ollama pull qwen2.5:0.5b`, and choose it with `--provider ollama`';

/** An answer as tokens, with its finish reason, usage and timings. */
type Answer = Omit<ModelResponse, 'text' | 'model'> & { readonly tokens: readonly string[] };

/**
 * Answers arithmetic in this process, without any installation: sums, percentages, powers, roots, unit conversions.
 *
 * It is deterministic and ignores the temperature. It reads only the prompt. Other questions throw a
 * `ModelUnavailableError` that explains how to connect a language model. Tokens are words, numbers and punctuation
 * marks. Input tokens include the instructions and earlier turns.
 */
export class EmbeddedClient implements ModelClient {
  readonly provider = embeddedName;
  readonly model = embeddedName;

  @TrackRequest({ ...tracked, requestType: 'generate' })
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const { tokens, ...end } = await this.#answer(request);
    return { text: tokens.join(''), model: this.model, ...end };
  }

  /** Answers in pieces of one token. */
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
        usage: { inputTokens: inputTokensOf(request), outputTokens: tokens.length },
        timings: {},
      };
    }
    throw new ModelUnavailableError(
      `The embedded client found nothing to compute in the question; it answers only arithmetic (sums, percentages, powers, roots, unit conversions); ${howToConnect}.`,
      { provider: this.provider, model: this.model },
    );
  }
}

function inputTokensOf({ prompt, system = '', history = [] }: ModelRequest): number {
  const texts = [system, ...history.map(({ content }) => content), prompt];
  return texts.reduce((sum, text) => sum + tokensOf(text).length, 0);
}

/** Returns numbers unchanged, and other answers as a JSON string. */
function asJson(answer: string): string {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(answer) ? answer : JSON.stringify(answer);
}

const token = /\s*(?:\d+(?:[.,]\d+)*|[\p{L}\p{M}]+|\S)|\s+$/gu;

/**
 * Splits a text into tokens. A token is a word, a number or a punctuation mark, with the white space before it.
 *
 * The joined tokens equal the text. "3.1 miles, please" has four tokens: `3.1`, ` miles`, `,` and ` please`.
 */
export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from '@tinyllm/executor';
import { tracked } from '@tinyllm/executor';
import { wait } from '@tinyllm/resilience';
import { TrackRequest } from 'tinyllm';
import { ModelRateLimitError, ModelServerError, ModelUnavailableError } from 'tinyllm/recording';
import type { PlannedAnswer } from './traffic.js';

/** The provider name of simulated models. */
const simulationName = 'simulation';

/** The current problem of a model. */
export interface Trouble {
  /** Response times are multiplied by this factor while the problem lasts. */
  readonly latencyFactor: number;
  /** The share of requests that fail, from 0 to 1. */
  readonly failureRate: number;
}

/** Options of a simulated model. */
export interface SimulatedClientOptions {
  readonly model: string;
  /** Planned response times are multiplied by this factor. Models with a higher factor are slower. */
  readonly latencyFactor: number;
  /** Called for each request. */
  readonly trouble: () => Trouble;
}

interface Planned {
  readonly answer: PlannedAnswer;
  /** Number of attempts so far. Each attempt has its own random result. */
  tries: number;
}

const planned = new AsyncLocalStorage<Planned>();
const defaultAnswer: PlannedAnswer = {
  inputTokens: 1,
  outputTokens: 1,
  firstTokenSeconds: 0,
  secondsPerToken: 0,
  failureDraw: 1,
};
/**
 * Multiples of the golden ratio have fractional parts that are spread evenly between 0 and 1. They serve as random
 * numbers of repeated attempts.
 */
const goldenRatio = (Math.sqrt(5) - 1) / 2;
const tokensPerChunk = 4;
/** Calls a function in which simulated models give the planned answer. */
export function withPlannedAnswer<Result>(answer: PlannedAnswer, work: () => Result): Result {
  return planned.run({ answer, tries: 0 }, work);
}

/** Simulates a language model: realistic response times and failures, but no real text. */
export class SimulatedClient implements ModelClient {
  readonly provider = simulationName;
  readonly model: string;
  readonly #options: SimulatedClientOptions;

  constructor(options: SimulatedClientOptions) {
    this.model = options.model;
    this.#options = options;
  }

  @TrackRequest({ ...tracked, requestType: 'generate' })
  async generate(request: ModelRequest): Promise<ModelResponse> {
    let text = '';
    let last: ModelChunk = { text };
    for await (const chunk of this.#answer(request)) {
      text += chunk.text;
      last = chunk;
    }
    const { finishReason = 'stop', usage = {}, timings = {} } = last;
    return { text, model: this.model, finishReason, usage, timings };
  }

  @TrackRequest({ ...tracked, requestType: 'stream' })
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    yield* this.#answer(request);
  }

  async *#answer({ signal }: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const { answer, failureDraw } = draw();
    const trouble = this.#options.trouble();
    const latencyFactor = this.#options.latencyFactor * trouble.latencyFactor;
    if (failureDraw < trouble.failureRate) await this.#fail(failureDraw / trouble.failureRate, signal);
    await wait(answer.firstTokenSeconds * latencyFactor, signal);
    const { inputTokens, outputTokens } = answer;
    const secondsPerToken = answer.secondsPerToken * latencyFactor;
    for (let sent = 0; sent < outputTokens; ) {
      const now = Math.min(tokensPerChunk, outputTokens - sent);
      if (sent > 0) await wait(secondsPerToken * now, signal);
      sent += now;
      const text = 'simulated '.repeat(now);
      if (sent < outputTokens) yield { text };
      else {
        const timings = {
          promptSeconds: answer.firstTokenSeconds * latencyFactor,
          outputSeconds: secondsPerToken * outputTokens,
        };
        yield { text, finishReason: 'stop', usage: { inputTokens, outputTokens, ...partsOf(answer) }, timings };
      }
    }
  }

  /** @param failureDraw A number from 0 to 1 that decides on the kind of failure. */
  async #fail(failureDraw: number, signal: AbortSignal | undefined): Promise<never> {
    const { model, provider } = this;
    // Most failures take as long as a refused connection. The others wait until the timeout.
    await wait(failureDraw < 0.93 ? 0.02 + failureDraw / 10 : 3600, signal);
    if (failureDraw < 0.5)
      throw new ModelUnavailableError('Simulated: the server is not available.', { provider, model, status: 503 });
    if (failureDraw < 0.7)
      throw new ModelServerError('Simulated: the server failed.', { provider, model, status: 500 });
    throw new ModelRateLimitError('Simulated: the server got too many requests.', { provider, model, status: 429 });
  }
}

function draw(): { readonly answer: PlannedAnswer; readonly failureDraw: number } {
  const own = planned.getStore();
  if (own === undefined) return { answer: defaultAnswer, failureDraw: 1 };
  const failureDraw = (own.answer.failureDraw + own.tries * goldenRatio) % 1;
  own.tries += 1;
  return { answer: own.answer, failureDraw };
}

/** The shares of cached input tokens, input tokens written to the cache, and reasoning output tokens. */
const shares = { cached: 0.4, written: 0.1, reasoning: 0.2 };

function partsOf({ inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number }) {
  return {
    cachedInputTokens: Math.floor(inputTokens * shares.cached),
    cacheWriteTokens: Math.floor(inputTokens * shares.written),
    reasoningTokens: Math.floor(outputTokens * shares.reasoning),
  };
}

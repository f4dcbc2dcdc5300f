import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from '@tinyllm/executor';
import { tracked } from '@tinyllm/executor';
import { wait } from '@tinyllm/resilience';
import { TrackRequest } from 'tinyllm';
import { ModelRateLimitError, ModelServerError, ModelUnavailableError } from 'tinyllm/recording';
import type { PlannedAnswer } from './traffic.js';

/** Who answers in a simulation. */
const simulationName = 'simulation';

/** What is wrong with a model at the moment. */
export interface Trouble {
  /** How many times as long it takes. */
  readonly slowness: number;
  /** The share of requests that fail, from 0 to 1. */
  readonly failing: number;
}

/** Which model is simulated. */
export interface SimulatedClientOptions {
  readonly model: string;
  /** How many times as long as planned it takes, for a large model. */
  readonly slowness: number;
  /** Asked at every request. */
  readonly trouble: () => Trouble;
}

interface Planned {
  readonly answer: PlannedAnswer;
  /** Every try has luck of its own. */
  tries: number;
}

const planned = new AsyncLocalStorage<Planned>();
const unplanned: PlannedAnswer = {
  inputTokens: 1,
  outputTokens: 1,
  firstTokenSeconds: 0,
  secondsPerToken: 0,
  luck: 1,
};
/** Multiples of it fall evenly between 0 and 1. */
const golden = (Math.sqrt(5) - 1) / 2;
const tokensPerChunk = 4;
/** Does work whose simulated models answer as planned. */
export function answeringAs<Result>(answer: PlannedAnswer, work: () => Result): Result {
  return planned.run({ answer, tries: 0 }, work);
}

/** Stands for a language model: takes the time that one would, fails as one would, and says that it is none. */
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
    const { answer, luck } = draw();
    const trouble = this.#options.trouble();
    const slowness = this.#options.slowness * trouble.slowness;
    if (luck < trouble.failing) await this.#fail(luck / trouble.failing, signal);
    await wait(answer.firstTokenSeconds * slowness, signal);
    const { inputTokens, outputTokens } = answer;
    const secondsPerToken = answer.secondsPerToken * slowness;
    for (let given = 0; given < outputTokens; ) {
      const now = Math.min(tokensPerChunk, outputTokens - given);
      if (given > 0) await wait(secondsPerToken * now, signal);
      given += now;
      const text = 'simulated '.repeat(now);
      if (given < outputTokens) yield { text };
      else {
        const timings = {
          promptSeconds: answer.firstTokenSeconds * slowness,
          outputSeconds: secondsPerToken * outputTokens,
        };
        yield { text, finishReason: 'stop', usage: { inputTokens, outputTokens, ...partsOf(answer) }, timings };
      }
    }
  }

  /** @param luck From 0 up to 1; decides how it fails. */
  async #fail(luck: number, signal: AbortSignal | undefined): Promise<never> {
    const { model, provider } = this;
    // As long as a server that is gone takes to be found gone; the last ones never hear of it and run into the timeout.
    await wait(luck < 0.93 ? 0.02 + luck / 10 : 3600, signal);
    if (luck < 0.5) throw new ModelUnavailableError('Simulated: the server is away.', { provider, model, status: 503 });
    if (luck < 0.7) throw new ModelServerError('Simulated: the server failed.', { provider, model, status: 500 });
    throw new ModelRateLimitError('Simulated: the server was asked too often.', { provider, model, status: 429 });
  }
}

function draw(): { readonly answer: PlannedAnswer; readonly luck: number } {
  const own = planned.getStore();
  if (own === undefined) return { answer: unplanned, luck: 1 };
  const luck = (own.answer.luck + own.tries * golden) % 1;
  own.tries += 1;
  return { answer: own.answer, luck };
}

/** The shares of a simulated answer that come from the prompt cache, are written to it, and are reasoning. */
const shares = { cached: 0.4, written: 0.1, reasoning: 0.2 };

function partsOf({ inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number }) {
  return {
    cachedInputTokens: Math.floor(inputTokens * shares.cached),
    cacheWriteTokens: Math.floor(inputTokens * shares.written),
    reasoningTokens: Math.floor(outputTokens * shares.reasoning),
  };
}

import { checkOptionTypes } from '../errors/check-option-types.js';
import {
  type IntegrationOptions,
  integrationOptionTypes,
  type RequestCall,
  RequestCalls,
} from '../recording/request-calls.js';
import type { StreamCall } from '../recording/stream-call.js';

/** Options of {@link metricsCallbacks}. */
export interface MetricsCallbacksOptions extends IntegrationOptions {
  /**
   * Seconds without news after which a request counts as cancelled; default 600. LangChain does not tell its callbacks
   * when a stream is left before its end. `instrumentModel` sees that at once.
   */
  readonly silentAfterSeconds?: number | undefined;
}

type Facts = Readonly<Record<string, unknown>>;

/** What LangChain.js tells at the end of a request. */
export interface LangChainOutput {
  readonly generations?: readonly (readonly unknown[])[];
  readonly llmOutput?: unknown;
}

/** A callback handler of LangChain.js, for a model's or a call's `callbacks`. */
export interface MetricsCallbacks {
  readonly name: string;
  readonly awaitHandlers: boolean;
  /** Gives itself: what is under way is known in one place. */
  copy(): MetricsCallbacks;
  /** Begins a request to a chat model. */
  handleChatModelStart(
    ...started: [
      llm: unknown,
      messages: unknown,
      runId: string,
      parent?: string,
      extra?: Facts,
      tags?: string[],
      metadata?: Facts,
    ]
  ): void;
  /** Begins a request to a model that completes texts. */
  handleLLMStart(
    ...started: [
      llm: unknown,
      prompts: unknown,
      runId: string,
      parent?: string,
      extra?: Facts,
      tags?: string[],
      metadata?: Facts,
    ]
  ): void;
  /** Hears of a piece of a streamed answer. */
  handleLLMNewToken(
    ...told: [
      token: string,
      index: unknown,
      runId: string,
      parent?: string,
      tags?: string[],
      fields?: { readonly chunk?: unknown },
    ]
  ): void;
  /** Ends a request that was answered. */
  handleLLMEnd(
    ...ended: [output: LangChainOutput, runId: string, parent?: string, tags?: string[], extra?: Facts]
  ): void;
  /** Ends a request that failed. */
  handleLLMError(error: unknown, runId: string): void;
}

interface Run {
  readonly call: RequestCall;
  stream: StreamCall | undefined;
  /** In milliseconds of `performance.now()`. */
  heardOf: number;
}

/** The longest delay of a timer, in milliseconds. */
const longestDelay = 2_147_483_647;

/** The requests under way, those without news for the longest time first. A timer ends the ones that are silent for too long. */
class Runs {
  readonly #runs = new Map<string, Run>();
  #timer: NodeJS.Timeout | undefined;

  /** @param silentAfter In milliseconds. */
  constructor(private readonly silentAfter: number) {}

  add(runId: string, call: RequestCall): void {
    this.#runs.set(runId, { call, stream: undefined, heardOf: performance.now() });
    this.#schedule();
  }

  /** Finds a request that there is news of. */
  hear(runId: string): Run | undefined {
    const run = this.#runs.get(runId);
    if (run === undefined) return undefined;
    this.#runs.delete(runId);
    this.#runs.set(runId, run);
    run.heardOf = performance.now();
    return run;
  }

  /** Finds a request that has ended, and forgets it. */
  take(runId: string): Run | undefined {
    const run = this.#runs.get(runId);
    this.#runs.delete(runId);
    if (this.#runs.size === 0) this.#stop();
    return run;
  }

  #schedule(): void {
    const [oldest] = this.#runs.values();
    if (oldest === undefined || this.#timer !== undefined) return;
    const delay = Math.max(0, oldest.heardOf + this.silentAfter - performance.now());
    this.#timer = setTimeout(() => this.#leaveSilent(), Math.min(Math.ceil(delay), longestDelay));
    // A process that has nothing else to do ends.
    this.#timer.unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends a request whose answer nobody waits for any more, unless it has ended. */
  leave(runId: string): void {
    const run = this.take(runId);
    if (run?.stream === undefined) run?.call.left();
    else run.stream.leave();
  }

  #leaveSilent(): void {
    this.#stop();
    const since = performance.now() - this.silentAfter;
    for (const [runId, { heardOf }] of this.#runs) {
      if (heardOf > since) break;
      this.leave(runId);
    }
    this.#schedule();
  }
}

/** The model's name, where LangChain's integrations put it. */
function modelOf(extra: Facts | undefined, metadata: Facts | undefined): string | undefined {
  const { invocation_params: parameters } = Object(extra) as { readonly invocation_params?: unknown };
  const { model, model_name: modelName } = Object(parameters) as Facts;
  return [model, modelName, metadata?.ls_model_name].find((name) => typeof name === 'string');
}

/**
 * Makes a callback handler that counts and times the requests LangChain.js makes of its models: tokens, finish reasons,
 * errors by type and, of streams, the time to the first token and the gaps between chunks.
 *
 * The request's type is `generate`, of streams too: LangChain does not tell them apart when they begin. A request whose
 * `signal` is aborted is cancelled.
 *
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function metricsCallbacks(options: MetricsCallbacksOptions = {}): MetricsCallbacks {
  checkOptionTypes('metricsCallbacks', options, { ...integrationOptionTypes, silentAfterSeconds: 'number' });
  return observeRuns(options).handler;
}

/** A handler, and how to end a run of which LangChain tells the handler nothing more. */
export interface ObservedRuns {
  readonly handler: MetricsCallbacks;
  /** Ends a run as cancelled. Nothing happens if it has ended. */
  leave(runId: string): void;
}

/** Makes a callback handler whose runs can also be ended from outside. */
export function observeRuns({ silentAfterSeconds = 600, ...options }: MetricsCallbacksOptions): ObservedRuns {
  const calls = new RequestCalls(options);
  const runs = new Runs(silentAfterSeconds * 1_000);
  const start: MetricsCallbacks['handleLLMStart'] = (...started) => {
    const [self, , runId, , extra, , metadata] = started;
    const model = modelOf(extra, metadata);
    runs.add(runId, calls.begin({ model, requestType: 'generate', self, args: [{ ...metadata }, extra] }));
  };
  const handler: MetricsCallbacks = {
    name: 'tinyllm',
    // Nothing here waits; who is not awaited is told late, and would measure LangChain's queue.
    awaitHandlers: true,
    copy: () => handler,
    handleChatModelStart: start,
    handleLLMStart: start,
    handleLLMNewToken: (token, _index, runId, _parent, _tags, fields) => {
      const run = runs.hear(runId);
      if (run === undefined) return;
      run.stream ??= run.call.streams();
      run.stream.chunk((fields?.chunk as { readonly message?: unknown } | undefined)?.message ?? token);
    },
    handleLLMEnd: (output, runId, _parent, _tags, extra) => {
      const run = runs.take(runId);
      // A response from LangChain's cache cost no tokens.
      const isCached = extra?.cached === true;
      if (run?.stream !== undefined) run.stream.end(isCached ? undefined : output);
      else if (isCached) run?.call.answered({});
      else run?.call.succeeded(output);
    },
    handleLLMError: (error, runId) => {
      const run = runs.take(runId);
      if (run?.stream === undefined) run?.call.failed(error);
      else run.stream.fail(error);
    },
  };
  return { handler, leave: (runId) => runs.leave(runId) };
}

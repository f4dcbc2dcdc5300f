import {
  checkIntegrationOptions,
  type IntegrationOptions,
  type RequestCall,
  RequestCalls,
} from '../recording/request-calls.js';
import type { StreamCall } from '../recording/stream-call.js';

/** Options of {@link metricsCallbacks}. */
export interface MetricsCallbacksOptions extends IntegrationOptions {
  /**
   * Seconds without activity after which a request counts as cancelled. Default: 600.
   *
   * LangChain doesn't notify its callbacks when a consumer leaves a stream before its end. `instrumentModel` detects
   * this immediately.
   */
  readonly silentAfterSeconds?: number | undefined;
}

type Facts = Readonly<Record<string, unknown>>;

/** The result that LangChain.js reports at the end of a request. */
export interface LangChainOutput {
  readonly generations?: readonly (readonly unknown[])[];
  readonly llmOutput?: unknown;
}

/** A callback handler of LangChain.js, for a model's or a call's `callbacks`. */
export interface MetricsCallbacks {
  readonly name: string;
  readonly awaitHandlers: boolean;
  /** Returns the same handler, because the handler stores the active requests. */
  copy(): MetricsCallbacks;
  /** Begins a request to a chat model. */
  handleChatModelStart(
    ...event: [
      llm: unknown,
      messages: unknown,
      runId: string,
      parent?: string,
      extra?: Facts,
      tags?: string[],
      metadata?: Facts,
    ]
  ): void;
  /** Begins a request to a text completion model. */
  handleLLMStart(
    ...event: [
      llm: unknown,
      prompts: unknown,
      runId: string,
      parent?: string,
      extra?: Facts,
      tags?: string[],
      metadata?: Facts,
    ]
  ): void;
  /** Records a piece of a streamed response. */
  handleLLMNewToken(
    ...event: [
      token: string,
      index: unknown,
      runId: string,
      parent?: string,
      tags?: string[],
      fields?: { readonly chunk?: unknown },
    ]
  ): void;
  /** Ends a request that succeeded. */
  handleLLMEnd(
    ...event: [output: LangChainOutput, runId: string, parent?: string, tags?: string[], extra?: Facts]
  ): void;
  /** Ends a request that failed. */
  handleLLMError(error: unknown, runId: string): void;
}

interface Run {
  readonly call: RequestCall;
  stream: StreamCall | undefined;
  /** In milliseconds of `performance.now()`. */
  lastActivity: number;
}

/** The longest delay of a timer, in milliseconds. */
const longestDelay = 2_147_483_647;

/**
 * The active requests, least recently active first.
 *
 * A timer ends a request as cancelled if it had no activity for `silentAfter` milliseconds.
 */
class Runs {
  readonly #runs = new Map<string, Run>();
  #timer: NodeJS.Timeout | undefined;

  /** @param silentAfter In milliseconds. */
  constructor(private readonly silentAfter: number) {}

  add(runId: string, call: RequestCall): void {
    this.#runs.set(runId, { call, stream: undefined, lastActivity: performance.now() });
    this.#schedule();
  }

  /** Returns an active request and records that there was activity. */
  recordActivity(runId: string): Run | undefined {
    const run = this.#runs.get(runId);
    if (run === undefined) return undefined;
    this.#runs.delete(runId);
    this.#runs.set(runId, run);
    run.lastActivity = performance.now();
    return run;
  }

  /** Removes a request that has ended, and returns it. */
  remove(runId: string): Run | undefined {
    const run = this.#runs.get(runId);
    this.#runs.delete(runId);
    if (this.#runs.size === 0) this.#stop();
    return run;
  }

  #schedule(): void {
    const [oldest] = this.#runs.values();
    if (oldest === undefined || this.#timer !== undefined) return;
    const delay = Math.max(0, oldest.lastActivity + this.silentAfter - performance.now());
    this.#timer = setTimeout(() => this.#endInactive(), Math.min(Math.ceil(delay), longestDelay));
    // The timer doesn't keep the process alive.
    this.#timer.unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends a request as cancelled, unless it has already ended. */
  leave(runId: string): void {
    const run = this.remove(runId);
    if (run?.stream === undefined) run?.call.abandoned();
    else run.stream.leave();
  }

  #endInactive(): void {
    this.#stop();
    const since = performance.now() - this.silentAfter;
    for (const [runId, { lastActivity }] of this.#runs) {
      if (lastActivity > since) break;
      this.leave(runId);
    }
    this.#schedule();
  }
}

/** Finds the model's name in the fields that LangChain's integrations use. */
function modelOf(extra: Facts | undefined, metadata: Facts | undefined): string | undefined {
  const { invocation_params: parameters } = Object(extra) as { readonly invocation_params?: unknown };
  const { model, model_name: modelName } = Object(parameters) as Facts;
  return [model, modelName, metadata?.ls_model_name].find((name) => typeof name === 'string');
}

/**
 * Creates a callback handler for LangChain.js that counts and times requests to models: tokens, finish reasons and
 * errors by type. For streams, it also records time to first token and the gaps between chunks.
 *
 * The request type is always `generate`, because LangChain doesn't report at the start whether a request streams. A
 * request whose `signal` is aborted counts as cancelled.
 *
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function metricsCallbacks(options: MetricsCallbacksOptions = {}): MetricsCallbacks {
  checkIntegrationOptions('metricsCallbacks', options, { silentAfterSeconds: 'number' });
  return observeRuns(options).handler;
}

/** A handler, and a function that ends a run if LangChain sends no more events about it. */
export interface ObservedRuns {
  readonly handler: MetricsCallbacks;
  /** Ends a run as cancelled. Has no effect if the run has ended. */
  leave(runId: string): void;
}

/** Creates a callback handler whose runs can also be ended from outside. */
export function observeRuns({ silentAfterSeconds = 600, ...options }: MetricsCallbacksOptions): ObservedRuns {
  const calls = new RequestCalls(options);
  const runs = new Runs(silentAfterSeconds * 1_000);
  const start: MetricsCallbacks['handleLLMStart'] = (...started) => {
    const [self, , runId, , extra, , metadata] = started;
    const model = modelOf(extra, metadata);
    const provider = typeof metadata?.ls_provider === 'string' ? metadata.ls_provider : undefined;
    runs.add(runId, calls.begin({ model, provider, requestType: 'generate', self, args: [{ ...metadata }, extra] }));
  };
  const handler: MetricsCallbacks = {
    name: 'tinyllm',
    // With this option, LangChain calls the handlers directly. Otherwise, it calls them from a queue, and the measured
    // times would include the time in the queue. The handlers themselves never wait.
    awaitHandlers: true,
    copy: () => handler,
    handleChatModelStart: start,
    handleLLMStart: start,
    handleLLMNewToken: (token, _index, runId, _parent, _tags, fields) => {
      const run = runs.recordActivity(runId);
      if (run === undefined) return;
      run.stream ??= run.call.startStream();
      run.stream.chunk((fields?.chunk as { readonly message?: unknown } | undefined)?.message ?? token);
    },
    handleLLMEnd: (output, runId, _parent, _tags, extra) => {
      const run = runs.remove(runId);
      // A response from LangChain's cache cost no tokens.
      const isCached = extra?.cached === true;
      if (run?.stream !== undefined) run.stream.end(isCached ? undefined : output);
      else if (isCached) run?.call.answered({});
      else run?.call.succeeded(output);
    },
    handleLLMError: (error, runId) => {
      const run = runs.remove(runId);
      if (run?.stream === undefined) run?.call.failed(error);
      else run.stream.fail(error);
    },
  };
  return { handler, leave: (runId) => runs.leave(runId) };
}

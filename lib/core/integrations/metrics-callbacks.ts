import { type IntegrationOptions, type RequestCall, RequestCalls } from '../recording/request-calls.js';
import type { StreamCall } from '../recording/stream-call.js';
import { type LangChainOutput, langChainFacts, langChainModel } from './langchain-facts.js';

/** Options of {@link metricsCallbacks}. */
export interface MetricsCallbacksOptions extends IntegrationOptions {
  /**
   * Seconds without news after which a request counts as cancelled, since LangChain does not tell when a stream is left
   * before its end; default 600.
   */
  readonly silentAfterSeconds?: number | undefined;
}

type Facts = Readonly<Record<string, unknown>>;

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

/**
 * Makes a callback handler that counts and times the requests LangChain.js makes of its models: tokens, finish reasons,
 * errors by type and, of streams, the time to the first token and the gaps between chunks.
 *
 * The request's type is `generate`, of streams too: LangChain does not tell them apart when they begin.
 */
export function metricsCallbacks({
  silentAfterSeconds = 600,
  ...options
}: MetricsCallbacksOptions = {}): MetricsCallbacks {
  const calls = new RequestCalls(options);
  /** The oldest news first. */
  const runs = new Map<string, Run>();
  const hear = (runId: string): Run | undefined => {
    const run = runs.get(runId);
    if (run === undefined) return undefined;
    runs.delete(runId);
    runs.set(runId, run);
    run.heardOf = performance.now();
    return run;
  };
  const take = (runId: string): Run | undefined => {
    const run = runs.get(runId);
    runs.delete(runId);
    return run;
  };
  const leaveSilent = (): void => {
    const since = performance.now() - silentAfterSeconds * 1_000;
    for (const [runId, { call, stream, heardOf }] of runs) {
      if (heardOf > since) return;
      runs.delete(runId);
      if (stream === undefined) call.left();
      else stream.leave();
    }
  };
  const start: MetricsCallbacks['handleLLMStart'] = (...started) => {
    const [self, , runId, , extra, , metadata] = started;
    leaveSilent();
    const model = langChainModel(extra, metadata);
    const call = calls.begin({ model, requestType: 'generate', self, args: [{ ...metadata }] });
    runs.set(runId, { call, stream: undefined, heardOf: performance.now() });
  };
  const handler: MetricsCallbacks = {
    name: 'tinyllm',
    // Nothing here waits; who is not awaited is told late, and would measure LangChain's queue.
    awaitHandlers: true,
    copy: () => handler,
    handleChatModelStart: start,
    handleLLMStart: start,
    handleLLMNewToken: (token, _index, runId, _parent, _tags, fields) => {
      const run = hear(runId);
      if (run === undefined) return;
      run.stream ??= run.call.streams();
      const message = (fields?.chunk as { readonly message?: unknown } | undefined)?.message;
      run.stream.chunk(token === '' ? (message ?? token) : token);
    },
    handleLLMEnd: (output, runId, _parent, _tags, extra) => {
      const run = take(runId);
      // An answer out of LangChain's cache took no tokens.
      const facts = extra?.cached === true ? {} : langChainFacts(output);
      if (run?.stream === undefined) run?.call.succeeded(facts);
      else run.stream.end(facts);
    },
    handleLLMError: (error, runId) => {
      const run = take(runId);
      if (run?.stream === undefined) run?.call.failed(error);
      else run.stream.fail(error);
    },
  };
  return handler;
}

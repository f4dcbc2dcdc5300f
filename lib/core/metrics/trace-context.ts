import { createRequire } from 'node:module';

/** A trace and the span in it that was active, as hexadecimal of 32 and 16 digits. */
export interface ActiveTrace {
  readonly traceId: string;
  readonly spanId: string;
}

/** What is asked of `@opentelemetry/api`. */
interface TracingApi {
  readonly trace: {
    getActiveSpan(): { spanContext(): ActiveTrace & { readonly traceFlags: number } } | undefined;
  };
  readonly context?: { active(): unknown };
  readonly ROOT_CONTEXT?: unknown;
  isSpanContextValid(context: ActiveTrace & { readonly traceFlags: number }): boolean;
}

const SAMPLED = 1;

let find: (() => ActiveTrace | undefined) | undefined;

/**
 * The trace of the span active now, if there is one and it is sampled; never throws.
 *
 * `@opentelemetry/api` is looked for at the first call and never again. Without it, or without an active span, a call
 * makes no object; with one it hands out the span's own context.
 */
export function activeTrace(): ActiveTrace | undefined {
  find ??= traceFinder(() => createRequire(import.meta.url)('@opentelemetry/api'));
  return find();
}

/** Makes what looks for the active trace, by the tracing interface that `load` gives; nothing is found if it throws. */
export function traceFinder(load: () => unknown): () => ActiveTrace | undefined {
  let api: TracingApi;
  try {
    api = load() as TracingApi;
    if (typeof api.trace.getActiveSpan !== 'function') return nothing;
  } catch {
    return nothing;
  }
  const { trace, context, ROOT_CONTEXT } = api;
  return () => {
    try {
      // Mostly there is no context at all, and to see that is cheaper than to look for a span in it.
      if (context !== undefined && context.active() === ROOT_CONTEXT) return undefined;
      const found = trace.getActiveSpan()?.spanContext();
      if (found === undefined || (found.traceFlags & SAMPLED) === 0) return undefined;
      return api.isSpanContextValid(found) ? found : undefined;
    } catch {
      return undefined;
    }
  };
}

function nothing(): undefined {
  return undefined;
}

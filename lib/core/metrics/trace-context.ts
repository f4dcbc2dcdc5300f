/** The IDs of a trace and of its active span, as hexadecimal text of 32 and 16 digits. */
export interface ActiveTrace {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Where `@opentelemetry/api` 1.x registers an application's tracing SDK.
 *
 * All versions of the API share this registration. This code reads the registration without importing the API, because
 * a bundler could resolve the import to another copy. Source: opentelemetry-js, api/src/internal/global-utils.ts.
 */
const API = Symbol.for('opentelemetry.js.api.1');

/** The key of the active span in a context. Source: opentelemetry-js, api/src/trace/context-utils.ts. */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

/** The parts of the registration that are read here. */
interface Registration {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

interface Span {
  spanContext(): ActiveTrace & { readonly traceFlags: number };
}

const SAMPLED = 1;
const TRACE_ID = /^(?!0{32})[\da-f]{32}$/i;
const SPAN_ID = /^(?!0{16})[\da-f]{16}$/i;

let find: (() => ActiveTrace | undefined) | undefined;

/**
 * Returns the trace of the active span, or undefined if there is no active span or if it is not sampled.
 *
 * Never throws. Allocates nothing after the first call; the result is the span's own context.
 */
export function activeTrace(): ActiveTrace | undefined {
  // `traceFinder` returns a closure, because the same code as a top-level function made all tracked calls about 5 %
  // slower in the benchmark.
  find ??= traceFinder();
  return find();
}

function traceFinder(): () => ActiveTrace | undefined {
  // Cached once it exists: the API always uses the same object, and reading the global is slow in comparison.
  let registration: Registration | undefined;
  return () => {
    registration ??= (globalThis as { [API]?: Registration })[API];
    if (registration?.context === undefined) return undefined;
    try {
      const span = registration.context.active().getValue(SPAN) as Span | undefined;
      if (span === undefined) return undefined;
      const found = span.spanContext();
      const isUsable = (found.traceFlags & SAMPLED) !== 0 && TRACE_ID.test(found.traceId) && SPAN_ID.test(found.spanId);
      return isUsable ? found : undefined;
    } catch {
      return undefined;
    }
  };
}

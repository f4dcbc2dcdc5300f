/**
 * Where `@opentelemetry/api` 1.x registers an application's tracing SDK.
 *
 * This code reads the registration without importing the API, because a bundler could resolve the import to another
 * copy. Source: opentelemetry-js, api/src/internal/global-utils.ts.
 */
const API = Symbol.for('opentelemetry.js.api.1');

/** The key of the active span in a context. Source: opentelemetry-js, api/src/trace/context-utils.ts. */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

interface Registration {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

interface Span {
  spanContext(): { readonly traceId: string; readonly spanId: string };
}

/** Returns the IDs of the active trace as exemplar labels, or no labels if there is no active span. */
export function activeTraceLabels(): Record<string, string> {
  const { context } = (globalThis as { [API]?: Registration })[API] ?? {};
  const span = context?.active().getValue(SPAN) as Span | undefined;
  if (span === undefined) return {};
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
}

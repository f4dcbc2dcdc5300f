import { context, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/** The context of a sampled span. */
export const sampledSpan: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};

/** Propagates the active span through async calls, as a tracing SDK does. Undone by `stopTracing`. */
export function startTracing(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

export function stopTracing(): void {
  context.disable();
}

/** Runs `work` while a span is active. */
export function inSpan<Result>(span: SpanContext, work: () => Result): Result {
  return context.with(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(span)), work);
}

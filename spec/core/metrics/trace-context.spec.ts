import { context, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { expect } from 'chai';
import { activeTrace } from '../../../lib/core/metrics/trace-context.js';
import { inSpan, sampledSpan, startTracing, stopTracing } from '../../support/tracing.js';

describe('activeTrace', () => {
  it('finds nothing while no tracing SDK is registered', () => {
    expect(activeTrace()).to.equal(undefined);
    expect(inSpan(sampledSpan, activeTrace)).to.equal(undefined);
  });

  describe('with a tracing SDK', () => {
    before(startTracing);
    after(stopTracing);

    it('finds nothing outside a span', () => {
      expect(activeTrace()).to.equal(undefined);
    });

    it('finds the active span across awaits', async () => {
      await inSpan(sampledSpan, async () => {
        await Promise.resolve();
        expect(activeTrace()).to.include({ traceId: sampledSpan.traceId, spanId: sampledSpan.spanId });
      });
    });

    it('returns the same object as the API', () => {
      expect(inSpan(sampledSpan, () => activeTrace() === trace.getActiveSpan()?.spanContext())).to.equal(true);
    });

    it('finds nothing in a span that is not sampled', () => {
      expect(inSpan({ ...sampledSpan, traceFlags: TraceFlags.NONE }, activeTrace)).to.equal(undefined);
    });

    const invalid: Readonly<Record<string, Partial<SpanContext>>> = {
      'a zero trace ID': { traceId: '0'.repeat(32) },
      'a short trace ID': { traceId: 'abc' },
      'a zero span ID': { spanId: '0'.repeat(16) },
      'a span ID that is not hexadecimal': { spanId: 'what' },
    };
    for (const [title, change] of Object.entries(invalid)) {
      it(`finds nothing in a span with ${title}`, () => {
        expect(inSpan({ ...sampledSpan, ...change }, activeTrace)).to.equal(undefined);
      });
    }

    it('finds nothing in a span that throws or has no context', () => {
      const spans: readonly (() => never)[] = [
        () => {
          throw new Error('no');
        },
        () => undefined as never,
      ];
      for (const spanContext of spans) {
        const active = trace.setSpan(ROOT_CONTEXT, { spanContext } as never);
        expect(context.with(active, activeTrace)).to.equal(undefined);
      }
    });
  });

  it('finds nothing, and does not throw, if the context manager throws', () => {
    const manager = new AsyncLocalStorageContextManager();
    manager.active = () => {
      throw new Error('no');
    };
    context.setGlobalContextManager(manager);
    try {
      expect(activeTrace()).to.equal(undefined);
    } finally {
      context.disable();
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { expect } from 'chai';
import ts from 'typescript';
import { activeTrace, traceFinder } from '../../../lib/core/metrics/trace-context.js';

describe('activeTrace', () => {
  const sampled: SpanContext = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
  };
  const inSpan = <Result>(spanContext: SpanContext, work: () => Result): Result =>
    context.with(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(spanContext)), work);

  it('finds nothing while nobody traces', () => {
    expect(activeTrace()).to.equal(undefined);
  });

  describe('with a tracer', () => {
    before(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
    after(() => context.disable());

    it('finds nothing outside a span', () => {
      expect(activeTrace()).to.equal(undefined);
    });

    it('finds the span that is active, across awaits', async () => {
      await inSpan(sampled, async () => {
        await Promise.resolve();
        expect(activeTrace()).to.include({ traceId: sampled.traceId, spanId: sampled.spanId });
      });
    });

    it('finds nothing in a span that is not sampled', () => {
      expect(inSpan({ ...sampled, traceFlags: TraceFlags.NONE }, activeTrace)).to.equal(undefined);
    });

    it('finds nothing in a span that has no valid ids', () => {
      expect(inSpan({ ...sampled, traceId: '0'.repeat(32) }, activeTrace)).to.equal(undefined);
      expect(inSpan({ ...sampled, spanId: 'what' }, activeTrace)).to.equal(undefined);
    });
  });

  it('finds nothing, and does not fail, where OpenTelemetry is not installed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tinyllm-'));
    try {
      const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      const source = ts.transpile(readFileSync('lib/core/metrics/trace-context.ts', 'utf8'), options);
      const file = join(folder, 'trace-context.mjs');
      writeFileSync(file, source);
      const elsewhere = (await import(pathToFileURL(file).href)) as { activeTrace: typeof activeTrace };
      expect(elsewhere.activeTrace()).to.equal(undefined);
      expect(elsewhere.activeTrace()).to.equal(undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('traceFinder', () => {
  const fail = (): never => {
    throw new Error('no');
  };

  it('loads once', () => {
    let loads = 0;
    const find = traceFinder(() => {
      loads++;
      return { trace: { getActiveSpan: () => undefined } };
    });
    find();
    find();
    expect(loads).to.equal(1);
  });

  const broken: Readonly<Record<string, () => unknown>> = {
    'an interface that cannot be loaded': fail,
    'an interface that is something else': () => ({}),
    'an interface older than getActiveSpan': () => ({ trace: {} }),
    'a tracer that throws': () => ({ trace: { getActiveSpan: fail } }),
    'a span that throws': () => ({ trace: { getActiveSpan: () => ({ spanContext: fail }) } }),
    'a span without a context': () => ({ trace: { getActiveSpan: () => ({ spanContext: () => undefined }) } }),
  };
  for (const [title, load] of Object.entries(broken)) {
    it(`finds nothing with ${title}`, () => {
      expect(traceFinder(load)()).to.equal(undefined);
    });
  }

  it('finds the span that is active, with whichever interface has one', () => {
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 3 };
    let asked = 0;
    const api = {
      trace: {
        getActiveSpan: () => {
          asked++;
          return { spanContext: () => context };
        },
      },
      isSpanContextValid: (found: unknown) => found === context,
    };
    expect(traceFinder(() => api)()).to.equal(context);
    const root = {};
    const within = (active: unknown) => ({ ...api, context: { active: () => active }, ROOT_CONTEXT: root });
    expect(traceFinder(() => within({}))()).to.equal(context);
    expect(asked).to.equal(2);
    expect(traceFinder(() => within(root))()).to.equal(undefined);
    expect(asked, 'where there is no context no span is looked for').to.equal(2);
    const of = (change: object) => traceFinder(() => ({ ...api, ...change }))();
    expect(of({ trace: { getActiveSpan: () => undefined } })).to.equal(undefined);
    expect(of({ isSpanContextValid: () => false })).to.equal(undefined);
    expect(of({ isSpanContextValid: fail })).to.equal(undefined);
  });
});

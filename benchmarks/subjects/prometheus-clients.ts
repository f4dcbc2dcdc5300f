import { performance } from 'node:perf_hooks';
import type * as PromClient from 'prom-client';
import { ANSWER, BUCKETS, type CallContext, CHUNKS, readAll, type Subject } from './subject.js';

/** The common interface of `prom-client` and its successor `@prometheus-io/client`. */
type Client = Pick<typeof PromClient, 'Registry' | 'Counter' | 'Gauge' | 'Histogram'>;

/** The measured kinds of manual instrumentation. */
export interface HandWritten {
  /** With constant labels. */
  readonly fixed: Subject;
  /** With one label computed from the arguments. */
  readonly computed: Subject;
  readonly stream: Subject;
}

/** Records a counter, a gauge and a histogram by hand, with labels as an object, as the client's README shows. */
export function handWritten(name: string, { Registry, Counter, Gauge, Histogram }: Client): HandWritten {
  const common = { help: 'Help.', labelNames: ['node', 'graph'], registers: [new Registry()] };
  const executions = new Counter({ name: 'executions_total', ...common });
  const active = new Gauge({ name: 'active', ...common });
  const duration = new Histogram({ name: 'duration_seconds', buckets: BUCKETS, ...common });
  const firstToken = new Histogram({ name: 'first_token_seconds', buckets: BUCKETS, ...common });
  const tokenGap = new Histogram({ name: 'token_gap_seconds', buckets: BUCKETS, ...common });

  class Instrumented {
    async fixed(_prompt: string, _context: CallContext): Promise<string> {
      executions.inc({ node: 'router', graph: 'benchmark' });
      active.inc({ node: 'router', graph: 'benchmark' });
      const started = performance.now();
      try {
        return await this.answer();
      } finally {
        active.dec({ node: 'router', graph: 'benchmark' });
        duration.observe({ node: 'router', graph: 'benchmark' }, (performance.now() - started) / 1_000);
      }
    }

    async computed(_prompt: string, { graph }: CallContext): Promise<string> {
      executions.inc({ node: 'router', graph });
      active.inc({ node: 'router', graph });
      const started = performance.now();
      try {
        return await this.answer();
      } finally {
        active.dec({ node: 'router', graph });
        duration.observe({ node: 'router', graph }, (performance.now() - started) / 1_000);
      }
    }

    async answer(): Promise<string> {
      return ANSWER;
    }

    async *stream(_prompt: string, { graph }: CallContext): AsyncGenerator<string> {
      executions.inc({ node: 'router', graph });
      active.inc({ node: 'router', graph });
      const started = performance.now();
      let last: number | undefined;
      try {
        for await (const chunk of this.chunks()) {
          const now = performance.now();
          if (last === undefined) firstToken.observe({ node: 'router', graph }, (now - started) / 1_000);
          else tokenGap.observe({ node: 'router', graph }, (now - last) / 1_000);
          last = now;
          yield chunk;
        }
      } finally {
        active.dec({ node: 'router', graph });
        duration.observe({ node: 'router', graph }, (performance.now() - started) / 1_000);
      }
    }

    async *chunks(): AsyncGenerator<string> {
      for (let chunk = 0; chunk < CHUNKS; chunk++) yield ANSWER;
    }
  }

  const instrumented = new Instrumented();
  return {
    fixed: { name, call: (prompt, context) => instrumented.fixed(prompt, context) },
    computed: { name: `${name}-computed`, call: (prompt, context) => instrumented.computed(prompt, context) },
    stream: { name, call: (prompt, context) => readAll(instrumented.stream(prompt, context)) },
  };
}

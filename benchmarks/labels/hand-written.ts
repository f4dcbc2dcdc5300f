import { performance } from 'node:perf_hooks';
import * as promClient from 'prom-client';
import { ANSWER, BUCKETS, type CallContext, type Subject } from '../subjects/subject.js';

type Labels = () => Readonly<Record<string, string>>;

/**
 * Records a counter, a gauge and a histogram with prom-client. `labels` returns the labels of a call. It runs once per
 * call. `durationLabels` returns those of the histogram. Default: the same labels.
 */
export function byHand(labels: Labels, durationLabels?: Labels): Subject {
  const { Counter, Gauge, Histogram, Registry } = promClient;
  const common = { help: 'Help.', labelNames: Object.keys(labels()), registers: [new Registry()] };
  const executions = new Counter({ name: 'executions_total', ...common });
  const active = new Gauge({ name: 'active', ...common });
  const labelNames = Object.keys((durationLabels ?? labels)());
  const duration = new Histogram({ ...common, name: 'duration_seconds', buckets: BUCKETS, labelNames });

  class Instrumented {
    async execute(_prompt: string, _context: CallContext): Promise<string> {
      const values = labels();
      executions.inc(values);
      active.inc(values);
      const started = performance.now();
      try {
        return await this.answer();
      } finally {
        active.dec(values);
        duration.observe(durationLabels?.() ?? values, (performance.now() - started) / 1_000);
      }
    }

    async answer(): Promise<string> {
      return ANSWER;
    }
  }

  const instrumented = new Instrumented();
  return { name: 'prom-client', call: (prompt, context) => instrumented.execute(prompt, context) };
}

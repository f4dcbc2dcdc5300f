import { performance } from 'node:perf_hooks';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { ANSWER, BUCKETS, type CallContext, type Subject } from './subject.js';

/** The same three instruments with OpenTelemetry's SDK and its Prometheus exporter. */
export function openTelemetry(): Subject {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('benchmark');
  const executions = meter.createCounter('executions');
  const active = meter.createUpDownCounter('active');
  const duration = meter.createHistogram('duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: BUCKETS },
  });

  class Instrumented {
    async execute(_prompt: string, _context: CallContext): Promise<string> {
      executions.add(1, { node: 'router', graph: 'benchmark' });
      active.add(1, { node: 'router', graph: 'benchmark' });
      const started = performance.now();
      try {
        return await this.answer();
      } finally {
        active.add(-1, { node: 'router', graph: 'benchmark' });
        duration.record((performance.now() - started) / 1_000, { node: 'router', graph: 'benchmark' });
      }
    }

    async answer(): Promise<string> {
      return ANSWER;
    }
  }

  const instrumented = new Instrumented();
  return { name: 'open-telemetry', call: (prompt, context) => instrumented.execute(prompt, context) };
}

import type * as PromClient from 'prom-client';

/** The measured operations. "Bound" means on the result of `labels()`. */
export const metricOperations = [
  'bound counter, `inc()`',
  'bound gauge, `set(v)`',
  'bound histogram, `observe(v)`',
  'bound summary, `observe(v)`',
  "counter, `inc({ method: 'GET', code: '200' })`",
  "counter, `labels('GET', 200).inc()`",
  "histogram, `observe({ method: 'GET', code: '200' }, v)`",
] as const;

/** An operation on a metric. */
export type MetricOperation = (typeof metricOperations)[number];

/** The operations of one library. Each repeats the operation as often as requested. */
export interface MetricSubject {
  readonly library: string;
  readonly operations: Readonly<Record<MetricOperation, (count: number) => void>>;
}

/** The libraries to compare, ours first. `tinyllm` has no summary of its own. */
export async function metricSubjects(): Promise<readonly MetricSubject[]> {
  // TypeScript must not check the sources of the packages as a part of the benchmarks.
  const names: readonly string[] = ['tinyllm', 'tinyllm/server', '@tinyllm/prom-client'];
  const modules = [];
  for (const name of names) modules.push(await import(name));
  const [core, server, dropIn] = modules;
  return [
    subject('tinyllm', { ...core, Registry: server.SharedRegistry, Summary: dropIn.Summary }),
    subject('@tinyllm/prom-client', dropIn),
    subject('prom-client', await import('prom-client')),
  ];
}

const VALUES = Float64Array.from({ length: 1_024 }, (_, index) => ((index * 7_919) % 1_024) / 350);
const LABELS = { method: 'GET', code: '200' };

type Classes = Pick<typeof PromClient, 'Counter' | 'Gauge' | 'Histogram' | 'Summary' | 'Registry'>;

function subject(library: string, { Counter, Gauge, Histogram, Summary, Registry }: Classes): MetricSubject {
  const registers = [new Registry()];
  const facts = { help: 'Measured.', labelNames: ['method', 'code'], registers };
  const counter = new Counter({ name: 'counter_total', ...facts });
  const gauge = new Gauge({ name: 'gauge', ...facts });
  const histogram = new Histogram({ name: 'histogram', ...facts });
  const summary = new Summary({ name: 'summary', ...facts });
  const [boundCounter, boundGauge] = [counter.labels('GET', '200'), gauge.labels('GET', '200')];
  const [boundHistogram, boundSummary] = [histogram.labels('GET', '200'), summary.labels('GET', '200')];
  return {
    library,
    operations: {
      'bound counter, `inc()`': (count) => {
        for (let index = 0; index < count; index++) boundCounter.inc();
      },
      'bound gauge, `set(v)`': (count) => {
        for (let index = 0; index < count; index++) boundGauge.set(index);
      },
      'bound histogram, `observe(v)`': (count) => {
        for (let index = 0; index < count; index++) boundHistogram.observe(VALUES[index % 1_024]!);
      },
      'bound summary, `observe(v)`': (count) => {
        for (let index = 0; index < count; index++) boundSummary.observe(VALUES[index % 1_024]!);
      },
      "counter, `inc({ method: 'GET', code: '200' })`": (count) => {
        for (let index = 0; index < count; index++) counter.inc(LABELS);
      },
      "counter, `labels('GET', 200).inc()`": (count) => {
        for (let index = 0; index < count; index++) counter.labels('GET', 200 as never).inc();
      },
      "histogram, `observe({ method: 'GET', code: '200' }, v)`": (count) => {
        for (let index = 0; index < count; index++) histogram.observe(LABELS, VALUES[index % 1_024]!);
      },
    },
  };
}

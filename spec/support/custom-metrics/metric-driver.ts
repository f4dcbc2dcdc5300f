import fc from 'fast-check';
import { BoundCounter, Counter } from '../../../lib/core/metrics/custom/counter.js';
import { type BoundGauge, Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { type BoundHistogram, Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import type { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { seriesKey } from '../parse-sample.js';
import { type Kind, type Labels, MetricModel } from './metric-model.js';

/** A call on a metric. Only gauges can be `set`, and only histograms have `zero`. Otherwise, a value is added. */
export type Step =
  | { readonly type: 'add' | 'set'; readonly labels: Labels; readonly value: number }
  | { readonly type: 'addBound' | 'setBound'; readonly handle: number; readonly value: number }
  | { readonly type: 'bind'; readonly handle: number; readonly labels: Labels }
  | { readonly type: 'remove' | 'zero'; readonly labels: Labels }
  | { readonly type: 'reset' | 'rejoin' | 'clear' }
  | { readonly type: 'recreate'; readonly labelNames: readonly string[] };

const BUCKETS = [1, 3];
const labels: fc.Arbitrary<Labels> = fc.record(
  { a: fc.constantFrom('x', 'y', 1), b: fc.constantFrom('x', 'other') },
  { requiredKeys: [] },
);
const value = fc.integer({ min: 0, max: 4 });
const handle = fc.nat(3);
const labelNames = fc.constantFrom(['a', 'b'], ['b', 'a'], ['b'], []);

/** Steps. With `relabels: false`, the metric keeps its labels. */
export function anyStep({ relabels }: { readonly relabels: boolean }): fc.Arbitrary<Step> {
  const type = <Type extends string>(...types: readonly Type[]) => fc.constantFrom(...types);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: type('add', 'set'), labels, value }) },
    { weight: 4, arbitrary: fc.record({ type: type('bind'), handle, labels }) },
    { weight: 6, arbitrary: fc.record({ type: type('addBound', 'setBound'), handle, value }) },
    { weight: 4, arbitrary: fc.record({ type: type('remove', 'zero'), labels }) },
    { weight: 1, arbitrary: fc.record({ type: type('reset', 'rejoin', 'clear') }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: type('recreate'), labelNames: relabels ? labelNames : fc.constant(['a', 'b']) }),
    },
  );
}

/** Applies steps to a metric and to a model of it. */
export class MetricDriver {
  model: MetricModel;
  readonly #handles = new Map<number, { readonly bound: object; readonly labels: Labels; readonly metric: object }>();
  #metric: Counter | Gauge | Histogram;

  constructor(
    private readonly kind: Kind,
    private readonly registry: SharedRegistry,
    private readonly name = 'metric',
  ) {
    this.model = this.#createModel(['a', 'b']);
    this.#metric = this.#create();
  }

  apply(step: Step): void {
    switch (step.type) {
      case 'add':
      case 'set':
        this.#record(this.#metric.labels(this.#known(step.labels)), step.type, step.value);
        this.model.record(this.#known(step.labels), step.type, step.value);
        break;
      case 'bind': {
        const known = this.#known(step.labels);
        this.#handles.set(step.handle, { bound: this.#metric.labels(known), labels: known, metric: this.#metric });
        break;
      }
      case 'addBound':
      case 'setBound': {
        const one = this.#handles.get(step.handle);
        if (one === undefined) break;
        const type = step.type === 'setBound' ? 'set' : 'add';
        this.#record(one.bound, type, step.value);
        // A handle of a metric that was replaced changes nothing in the registry.
        if (one.metric === this.#metric) this.model.record(one.labels, type, step.value);
        break;
      }
      case 'remove':
        this.#metric.remove(this.#known(step.labels));
        this.model.remove(this.#known(step.labels));
        break;
      case 'zero':
        if (!(this.#metric instanceof Histogram)) break;
        this.#metric.zero(this.#known(step.labels));
        this.model.zero(this.#known(step.labels));
        break;
      case 'reset':
        this.#metric.reset();
        this.model.reset();
        break;
      case 'rejoin':
      case 'clear':
        if (step.type === 'clear') this.registry.clear();
        else this.registry.removeSingleMetric(this.name);
        this.registry.registerMetric(this.#metric as never);
        break;
      case 'recreate':
        this.registry.removeSingleMetric(this.name);
        this.model = this.#createModel(step.labelNames);
        this.#metric = this.#create();
    }
  }

  /** The samples that `get` returns, by name and labels. */
  async read(): Promise<Record<string, number>> {
    const { values } = await this.#metric.get();
    return Object.fromEntries(
      values.map(({ labels: given, value: number, ...rest }) => {
        const name = 'metricName' in rest ? String(rest.metricName) : this.name;
        const texts = Object.entries(given).map(([label, one]) => [label, String(one)]);
        return [seriesKey({ name, labels: Object.fromEntries(texts) }), number];
      }),
    );
  }

  #createModel(labelNames: readonly string[]): MetricModel {
    return new MetricModel({ kind: this.kind, name: this.name, labelNames, buckets: BUCKETS });
  }

  #create(): Counter | Gauge | Histogram {
    const { labelNames } = this.model;
    const options = { name: this.name, help: 'Help.', labelNames, buckets: BUCKETS, registers: [this.registry] };
    if (this.kind === 'Counter') return new Counter(options);
    return this.kind === 'Gauge' ? new Gauge(options) : new Histogram(options);
  }

  #record(bound: object, type: 'add' | 'set', amount: number): void {
    if (this.kind === 'Histogram') (bound as BoundHistogram).observe(amount);
    else if (bound instanceof BoundCounter) bound.inc(amount);
    else if (type === 'set') (bound as BoundGauge).set(amount);
    else (bound as BoundGauge).inc(amount);
  }

  /** The labels that the metric has. */
  #known(given: Labels): Labels {
    return Object.fromEntries(Object.entries(given).filter(([label]) => this.model.labelNames.includes(label)));
  }
}

import { type CustomMetricOptions, describeCustomMetric, type WritableDescriptor } from '../descriptor.js';
import { isThenable } from '../is-thenable.js';
import { registry as sharedRegistry } from '../shared-registry.js';
import type { BoundSeries } from './bound-series.js';
import {
  type Aggregator,
  checkMetricConfiguration,
  checkRegisters,
  type LabelValues,
  type MetricConfiguration,
  type MetricRegister,
} from './configuration.js';
import { type GivenLabels, labelsFromArguments } from './label-values.js';
import { MetricHome } from './metric-home.js';
import { customMetricBrand, type MetricRegistry, type SeriesPlace } from './registered-metric.js';
import { SeriesSet } from './series-set.js';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Updates the values of a metric before they are read. */
export type Collect = () => void | Promise<void>;

/**
 * A metric of the application, with prom-client 15's API. Its series are in shared memory.
 *
 * If the metric is in several registries, the memory of one registry contains its series: the shared registry if it
 * contains the metric, else the first registry. The other registries refer to this memory.
 */
export abstract class CustomMetric<Label extends string, Bound extends BoundSeries> {
  /** @internal Assigned in the constructor: bundlers keep an unused class that has a field with a computed name. */
  declare readonly [customMetricBrand]: true;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** How values from several processes are combined. */
  readonly aggregator: Aggregator;
  readonly enableExemplars: boolean;
  /** The registries of the configuration. */
  readonly registers: readonly MetricRegister[];
  #descriptor: WritableDescriptor;
  /** @internal */
  protected readonly series: SeriesSet<Bound>;
  readonly #home: MetricHome;
  #collect: Collect | undefined;
  #scrapedAs: string | undefined;

  protected constructor(
    configuration: MetricConfiguration<Label>,
    { kind, buckets = [], native }: Pick<CustomMetricOptions, 'kind' | 'buckets' | 'native'>,
    create: (metric: CustomMetric<Label, Bound>, labelValues: readonly string[], given: GivenLabels) => Bound,
  ) {
    const checked = checkMetricConfiguration(configuration);
    const { name, help, labelNames, aggregator, enableExemplars, maxSeries, collect } = checked;
    Object.assign(this, { [customMetricBrand]: true });
    this.help = help;
    this.labelNames = labelNames;
    this.aggregator = aggregator;
    this.enableExemplars = enableExemplars;
    const registers: unknown = configuration.registers ?? [sharedRegistry];
    checkRegisters(name, registers);
    this.registers = registers;
    const [labels, aggregation] = [labelNames, aggregator];
    this.#descriptor = describeCustomMetric({ name, help, kind, labels, buckets, aggregation, native });
    const descriptor = () => this.descriptor;
    this.series = new SeriesSet({
      descriptor,
      maxSeries,
      create: (labelValues, given) => create(this, labelValues, given),
    });
    this.#home = new MetricHome(this, (storage) => this.series.moveTo(storage));
    this.#collect = collect;
    for (const registry of this.registers) {
      // The shared registry is served in OpenMetrics, too, whatever its content type is.
      if (enableExemplars && registry.contentType !== OPENMETRICS && registry !== sharedRegistry) {
        throw new TypeError('Exemplars are supported only on OpenMetrics registries');
      }
      registry.registerMetric(this as never);
    }
    if (labelNames.length === 0) this.series.get({});
  }

  /**
   * The name in the configuration. prom-client's OpenMetrics scrape assigns a name without `_total`. Only the next call
   * of `get` returns that name.
   */
  get name(): string {
    return this.descriptor.name;
  }

  set name(scrapedAs: string) {
    this.#scrapedAs = scrapedAs;
  }

  /** Updates the values before they are read. A scrape waits for this function for at most 900 ms. */
  get collect(): Collect | undefined {
    return this.#collect;
  }

  set collect(collect: Collect | undefined) {
    this.#collect = collect;
    this.#home.changed();
  }

  /** @internal */
  get descriptor(): WritableDescriptor {
    return this.#descriptor;
  }

  /** @internal Replaces the declaration by one with the same name, kind, labels and buckets. */
  protected redescribe(descriptor: WritableDescriptor): void {
    this.#descriptor = descriptor;
    this.#home.renew();
  }

  /** @internal */
  get hasSeries(): boolean {
    return this.series.all.size > 0;
  }

  /**
   * Removes the series with these labels: values in the order of the label names, or an object.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the number of values is wrong.
   */
  remove(...values: readonly (string | number)[]): void;
  remove(labels: LabelValues<Label>): void;
  remove(...labels: readonly unknown[]): void {
    this.series.remove(labelsFromArguments(this.labelNames, labels));
  }

  /** Removes all series. A counter or gauge without labels keeps its series, with the value 0. */
  reset(): void {
    if (this.labelNames.length > 0) this.series.clear();
    else {
      this.series.zero();
      this.series.get({});
    }
  }

  /** @internal */
  get place(): SeriesPlace | undefined {
    return this.#home.place;
  }

  /** @internal */
  joined(registry: MetricRegistry): void {
    this.#home.add(registry);
  }

  /** @internal */
  left(registry: MetricRegistry): void {
    this.#home.remove(registry);
  }

  /** @internal */
  get needsUpdate(): boolean {
    return this.collect !== undefined;
  }

  /** @internal Calls `collect`, and waits if it returns a promise. */
  async update(): Promise<void> {
    const updated = this.collect?.call(this);
    if (isThenable(updated)) await updated;
  }

  /** @internal Returns the name for the result of `get`. */
  protected takeName(): string {
    const name = this.#scrapedAs ?? this.name;
    this.#scrapedAs = undefined;
    return name;
  }
}

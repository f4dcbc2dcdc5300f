import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client-original';
import { CollectProblems } from './collect-problems.js';
import { isCustomMetric, type MetricOfApplication, type RegisteredMetric } from './custom/registered-metric.js';
import { ExternalMetrics } from './external-metrics.js';
import { isInstrument } from './instrument.js';
import { Problems } from './problems.js';
import { PromClientRegistry } from './prom-client-registry.js';
import { type MemoryListener, RegistryMemory, type SegmentOwner } from './registry-memory.js';
import { type RenderableMetric, readForText, readValues, registryOf, renderEach } from './render-registry.js';

/**
 * A prom-client registry that also gives access to its default labels, to the registered names of its metrics, and to
 * the shared memory of its metrics.
 */
export class SharedRegistry extends PromClientRegistry {
  /** @internal */
  readonly collectProblems = new CollectProblems();
  /** @internal */
  readonly problems = new Problems();
  readonly #memory = new RegistryMemory();
  readonly #external = new ExternalMetrics();
  readonly #names = new WeakMap<object, string>();
  #isFollowed = false;
  #onForeignErrors: ((count: number) => void) | undefined;

  /** Labels that every sample has in addition to its own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    return this.#memory.labels;
  }

  /** @internal Adds the memory of metrics that will be in the registry. */
  attach(owner: SegmentOwner): void {
    this.#memory.attach(owner);
    this.problems.follow(({ message }) => owner.memory.publish({ type: 'problem', message: message.slice(0, 1_000) }));
  }

  /**
   * Calls a listener with each current and future memory of the registry's metrics. Returns a function that stops this.
   *
   * First creates the series that were postponed to the first read (see `Meter.onFirstRead`).
   *
   * @internal
   */
  followMemory(listener: MemoryListener): () => void {
    if (!this.#isFollowed) {
      this.#isFollowed = true;
      for (const metric of this.#external.custom) {
        this.#memory.refer(metric, true);
        // A subclass can have assigned `collect` after the registration.
        this.#external.check(metric);
      }
      this.#publishNeeds();
    }
    return this.#memory.follow(listener);
  }

  /** @internal Whether it is TinyLLM's shared registry. */
  get isShared(): boolean {
    return isShared(this);
  }

  /** @internal */
  contains(metric: RegisteredMetric): boolean {
    return (this.getSingleMetric(metric.name) as unknown) === metric;
  }

  /** @internal */
  get memory(): RegistryMemory {
    return this.#memory;
  }

  /** @internal The series of a metric have moved, or the metric got or lost its `collect`. */
  metricChanged(metric: RegisteredMetric): void {
    if (this.#isFollowed) this.#memory.refer(metric, this.contains(metric));
    this.#external.check(metric);
    this.#publishNeeds();
  }

  /** @internal Returns the metrics that are not in shared memory, with the names under which they were registered. */
  foreignMetrics(): NamedMetric[] {
    return this.#externalMetrics().filter(({ metric }) => !isCustomMetric(metric));
  }

  /** @internal Returns the metrics whose values must be updated before they are read from shared memory. */
  collectedMetrics(): readonly RegisteredMetric[] {
    return this.#external.custom.filter((metric) => metric.needsUpdate);
  }

  #externalMetrics(): NamedMetric[] {
    return this.#external.all.map((metric) => ({ name: this.#safeNameOf(metric as NamedMetric), metric }));
  }

  /**
   * Sets a listener for the number of application metrics with problems (see `countForeignErrors`). It is called once
   * for each rendering or update with problems. Several scrapes can share a rendering.
   *
   * @internal
   */
  onForeignErrors(listener: (count: number) => void): void {
    this.#onForeignErrors = listener;
  }

  /** @internal Counts application metrics that were repaired or omitted, or whose update failed. */
  countForeignErrors(count: number): void {
    if (count > 0) this.#onForeignErrors?.(count);
  }

  /**
   * Returns the name under which a metric was registered. `name` can differ: prom-client's OpenMetrics scrape removes
   * `_total` from the `name` of a counter.
   *
   * @internal
   */
  nameOf(metric: { readonly name: string }): string {
    return this.#names.get(metric) ?? metric.name;
  }

  /**
   * Renders all metrics in the registry's content type, as prom-client does.
   *
   * Foreign metrics that fail, take longer than 900 ms or return something invalid are repaired or omitted.
   */
  override async metrics(): Promise<string> {
    const isOpenMetrics = this.#isOpenMetrics;
    const texts = await this.#renderEach(readForText, (metric) => {
      const key = metric.name;
      const single = registryOf(metric, this);
      if (isOpenMetrics && metric.type === 'counter') metric.name = key.replace(/_total$/, '');
      return single.getSingleMetricAsString(key);
    });
    return isOpenMetrics ? `${texts.join('\n')}\n# EOF\n` : `${texts.join('\n\n')}\n`;
  }

  /** Returns all metrics with their values, as prom-client does, with the same checks as {@link metrics}. */
  override async getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    const all = await this.#renderEach(readValues, (metric) => registryOf(metric, this).getMetricsAsJSON());
    return all.flat();
  }

  async #renderEach<Rendered>(
    read: (metric: object) => unknown,
    render: (metric: RenderableMetric) => Promise<Rendered>,
  ): Promise<readonly Rendered[]> {
    const metrics = this.getMetricsAsArray();
    const [foreign, defaultLabels] = [this.#externalMetrics(), this.defaultLabels];
    const untyped = this.#isOpenMetrics ? 'unknown' : 'untyped';
    const { rendered, errors } = await renderEach({ metrics, foreign, defaultLabels, untyped, read }, render);
    this.countForeignErrors(errors);
    return rendered;
  }

  get #isOpenMetrics(): boolean {
    return (this.contentType as string) === PromClientRegistry.OPENMETRICS_CONTENT_TYPE;
  }

  #safeNameOf(metric: { readonly name: string }): string {
    try {
      return this.nameOf(metric);
    } catch {
      return '';
    }
  }

  override registerMetric<Label extends string>(metric: Metric<Label> | MetricOfApplication): void {
    const { name } = metric as MetricOfApplication;
    const isNew = this.getSingleMetric(name) === undefined;
    super.registerMetric(metric as Metric<Label>);
    if (Object(metric) === metric && !this.#names.has(metric)) this.#names.set(metric, name);
    show(metric, true);
    if (isInstrument(metric) || Object(metric) !== metric) return;
    if (isNew) this.#external.add(metric);
    if (isCustomMetric(metric)) {
      metric.joined(this);
      if (this.#isFollowed) this.#memory.refer(metric, true);
    }
    this.#publishNeeds();
  }

  override removeSingleMetric(name: string): void {
    const metric: unknown = this.getSingleMetric(name);
    show(metric, false);
    super.removeSingleMetric(name);
    if (Object(metric) === metric) this.#external.remove(metric as object);
    if (isCustomMetric(metric)) this.#left(metric);
    this.#publishNeeds();
  }

  /**
   * Sets the labels of every sample.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  override setDefaultLabels(labels: Record<string, string>): void {
    super.setDefaultLabels(this.#memory.setLabels({ given: labels }));
  }

  /** @internal Sets labels that default labels with the same names replace. `clear` keeps them. */
  setConstantLabels(labels: Readonly<Record<string, string>>): void {
    super.setDefaultLabels(this.#memory.setLabels({ constant: labels }));
  }

  override clear(): void {
    const metrics: unknown[] = this.getMetricsAsArray();
    for (const metric of metrics) show(metric, false);
    super.clear();
    this.#external.clear();
    for (const metric of metrics) if (isCustomMetric(metric)) this.#left(metric);
    this.#publishNeeds();
    super.setDefaultLabels(this.#memory.setLabels({ given: {} }));
  }

  #left(metric: RegisteredMetric): void {
    if (this.#isFollowed) this.#memory.refer(metric, false);
    metric.left(this);
  }

  #publishNeeds(): void {
    this.#memory.needsThread = this.#external.needThread;
  }
}

/** A metric and the name under which it was registered. */
interface NamedMetric {
  readonly name: string;
  readonly metric: object;
}

function isShared(registry: object): boolean {
  return registry === (globalThis as { [SHARED]?: object })[SHARED];
}

function show(metric: unknown, visible: boolean): void {
  if (isInstrument(metric)) metric.show(visible);
}

/** Shared by all copies of the package in this process, on `globalThis`. */
const SHARED = Symbol.for('tinyllm.registry');

/**
 * The registry with all TinyLLM metrics. It is a prom-client `Registry`, shared by all copies of the package in the
 * process. prom-client's default global registry is never changed.
 */
export const registry: SharedRegistry = sharedRegistry();

function sharedRegistry(): SharedRegistry {
  const scope = globalThis as { [SHARED]?: SharedRegistry };
  scope[SHARED] ??= new SharedRegistry();
  return scope[SHARED];
}

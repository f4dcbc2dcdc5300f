import type { Metric } from 'prom-client-original';
import type { Descriptor } from './descriptor.js';
import { isInstrument } from './instrument.js';
import { PromClientRegistry } from './prom-client-registry.js';
import type { Segment } from './segment.js';
import type { SegmentRecord } from './segment-record.js';

/** What writes a segment whose metrics are in the registry. */
export interface SegmentOwner {
  readonly segment: Segment;
  /** Called before the segment is read. */
  beforeRead(): void;
}

/**
 * A prom-client registry that also tells what prom-client keeps to itself, and whose metrics of ours can be read
 * from the segments they live in.
 */
export class SharedRegistry extends PromClientRegistry {
  #defaultLabels: Readonly<Record<string, string>> = {};
  readonly #owners: SegmentOwner[] = [];
  readonly #names = new WeakMap<object, string>();
  #hasForeign = false;

  /** The labels every sample carries besides its own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    return this.#defaultLabels;
  }

  /**
   * Adds a segment whose metrics will be in the registry.
   *
   * @internal
   */
  attach(owner: SegmentOwner): void {
    this.#owners.push(owner);
    owner.segment.append({ type: 'foreign', present: this.#hasForeign });
  }

  /**
   * The segments its metrics live in, with every series that waited for the first read.
   *
   * @internal
   */
  readSegments(): readonly Segment[] {
    for (const owner of this.#owners) owner.beforeRead();
    return this.#owners.map(({ segment }) => segment);
  }

  /**
   * The application's own metrics, those that are not ours, with the names they were registered under.
   *
   * @internal
   */
  foreignMetrics(): { readonly name: string; readonly metric: object }[] {
    const metrics = this.getMetricsAsArray().filter((metric) => !isInstrument(metric));
    return metrics.map((metric) => ({ name: this.nameOf(metric), metric }));
  }

  /**
   * The name a metric was registered under: prom-client's OpenMetrics scrape takes the `_total` off its counters.
   *
   * @internal
   */
  nameOf(metric: { readonly name: string }): string {
    return this.#names.get(metric) ?? metric.name;
  }

  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const { name } = metric as unknown as { readonly name: string };
    super.registerMetric(metric);
    if (!this.#names.has(metric)) this.#names.set(metric, name);
    show(metric, true);
    if (!isInstrument(metric)) this.#publishForeign();
  }

  override removeSingleMetric(name: string): void {
    show(this.getSingleMetric(name), false);
    super.removeSingleMetric(name);
    this.#publishForeign();
  }

  override setDefaultLabels(labels: Record<string, string>): void {
    super.setDefaultLabels(labels);
    this.#publishDefaultLabels({ ...labels });
  }

  override clear(): void {
    for (const metric of this.getMetricsAsArray()) show(metric, false);
    super.clear();
    this.#publishForeign();
    this.#publishDefaultLabels({});
  }

  #publishForeign(): void {
    const present = this.foreignMetrics().length > 0;
    if (present !== this.#hasForeign) this.#publish({ type: 'foreign', present });
    this.#hasForeign = present;
  }

  #publishDefaultLabels(labels: Readonly<Record<string, string>>): void {
    this.#defaultLabels = labels;
    this.#publish({ type: 'default-labels', labels });
  }

  #publish(record: SegmentRecord): void {
    for (const { segment } of this.#owners) segment.append(record);
  }
}

function show(metric: unknown, visible: boolean): void {
  if (isInstrument(metric)) metric.show(visible);
}

/** What this process's copies of the package have in common, kept on `globalThis`. */
const SHARED = Symbol.for('tinyllm.registry');

/**
 * The registry every TinyLLM metric is in: a real prom-client `Registry`, the same one however often the package
 * is loaded. prom-client's default global registry is never touched.
 */
export const registry: SharedRegistry = sharedRegistry();

function sharedRegistry(): SharedRegistry {
  const scope = globalThis as { [SHARED]?: SharedRegistry };
  scope[SHARED] ??= new SharedRegistry();
  return scope[SHARED];
}

/** The descriptors of a registry's own instruments that have series. */
export function recordedDescriptors(registry: SharedRegistry): Descriptor[] {
  const metrics: unknown[] = registry.getMetricsAsArray();
  return metrics.flatMap((metric) => (isInstrument(metric) && metric.allSeries.length > 0 ? [metric.descriptor] : []));
}

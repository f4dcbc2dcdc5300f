import type { Registry } from 'prom-client-original';
import { MetricClashError, MetricsConfigurationError } from '../errors/errors.js';
import type { CellSlice } from './cells.js';
import { checkConfiguration } from './check-configuration.js';
import { Counter } from './counter.js';
import { runDeferredWork } from './deferred-work.js';
import { describeMetric, type InstrumentKind, type MetricOptions, type WritableDescriptor } from './descriptor.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';
import { Info } from './info.js';
import type { Instrument, InstrumentHost } from './instrument.js';
import { SegmentChain, type SlicePlace } from './segment-chain.js';
import type { CellRecord, StateRecord } from './segment-record.js';
import type { SharedRegistry } from './shared-registry.js';

/** Configuration of the metrics. */
export interface MeterConfiguration {
  /**
   * Maximum number of label sets per metric. Additional label sets share the series `other`. A whole number from 1;
   * default: 1,000.
   */
  readonly maxSeriesPerMetric?: number | undefined;
  /** Bucket bounds by histogram name, ascending, without +Inf. They replace the default bounds. */
  readonly buckets?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Names of metrics that are neither recorded nor exposed. */
  readonly exclude?: readonly string[] | undefined;
}

/** The instrument class of each kind. */
export interface InstrumentKinds<Labels extends readonly string[]> {
  counter: Counter<Labels>;
  gauge: Gauge<Labels>;
  histogram: Histogram<Labels>;
  info: Info<Labels>;
}

const CLASSES = { counter: Counter, gauge: Gauge, histogram: Histogram, info: Info };

/** Maximum number of functions that are postponed to the first read. */
const MAX_PENDING = 10_000;

/** Options of a meter. */
export interface MeterOptions {
  /**
   * Called with the metric's name each time a label set gets no series of its own, because of the limit or because
   * there is no memory.
   */
  readonly onOverflow?: ((metric: string) => void) | undefined;
  /** Maximum size of one segment of shared memory, in bytes. A multiple of 64 KiB; default: 256 MiB. */
  readonly maxSegmentBytes?: number | undefined;
}

/** Creates instruments in shared memory and registers them in one registry. */
export class Meter implements InstrumentHost {
  readonly memory: SegmentChain;
  readonly registry: Registry;
  readonly #instruments = new Map<string, Instrument>();
  readonly #onOverflow: (metric: string) => void;
  #maxSeriesPerMetric = 1_000;
  #pending: (() => void)[] | undefined = [];

  constructor(registry: Registry, { onOverflow = () => {}, maxSegmentBytes }: MeterOptions = {}) {
    this.registry = registry;
    this.memory = new SegmentChain({ maxSegmentBytes });
    this.#onOverflow = onOverflow;
    // Checked by its method, not its class: the registry may belong to another copy of the package.
    if ('attach' in registry) (registry as SharedRegistry).attach(this);
  }

  get maxSeriesPerMetric(): number {
    return this.#maxSeriesPerMetric;
  }

  publish(record: StateRecord): void {
    this.memory.publish(record);
  }

  allocate(count: number, describe: (cell: number) => CellRecord): CellSlice | undefined {
    return this.memory.allocate(count, describe);
  }

  placeOf(slice: CellSlice): SlicePlace {
    return this.memory.placeOf(slice);
  }

  overflowed(metric: string): void {
    this.#onOverflow(metric);
  }

  /**
   * Creates an instrument and registers it. A metric without labels has one series. It is created before the metrics
   * are first read, for example by a scrape.
   *
   * @throws {InvalidDescriptorError} if the declaration is invalid.
   * @throws {MetricClashError} if the registry contains another metric with that name.
   */
  create<Kind extends InstrumentKind, Labels extends readonly string[]>(
    options: MetricOptions & { readonly kind: Kind; readonly labels?: Labels },
  ): InstrumentKinds<Labels>[Kind] {
    const descriptor = describeMetric(options);
    this.requireUnusedName(descriptor.name);
    const instrument: Instrument = new CLASSES[options.kind](descriptor, this, this.memory.newMetric());
    this.#instruments.set(descriptor.name, instrument);
    // prom-client's type for a metric only allows its own four classes. Instruments have all members that it uses.
    this.registry.registerMetric(instrument as never);
    if (descriptor.labels.length === 0) this.onFirstRead(() => instrument.series());
    return instrument as InstrumentKinds<Labels>[Kind];
  }

  /** Checks that a name is free. @throws {MetricClashError} if the registry contains a metric with that name. */
  requireUnusedName(name: string): void {
    if (this.registry.getSingleMetric(name) !== undefined) throw new MetricClashError(name);
  }

  /**
   * Calls `bind`, which creates series, just before the first read. If the metrics have already been read, calls it at
   * once. So the series are exposed with zero before their first use.
   */
  onFirstRead(bind: () => void): void {
    if (this.#pending === undefined) bind();
    else this.#pending.push(bind);
    // The list is limited, because the metrics may never be read. It reaches the limit only if an application creates
    // decorated classes in a loop.
    if (this.#pending !== undefined && this.#pending.length > MAX_PENDING) this.beforeRead();
  }

  beforeRead(): void {
    runDeferredWork();
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    for (const bind of pending) bind();
  }

  /**
   * Applies a configuration completely or, if any part of it is invalid, not at all.
   *
   * `buckets` and `exclude` must be set before their metrics are first recorded or scraped.
   *
   * @throws {MetricsConfigurationError} with the option that cannot be applied, and the reason.
   * @throws {InvalidDescriptorError} if bucket bounds are invalid.
   */
  configure(configuration: MeterConfiguration): void {
    checkConfiguration(configuration);
    const { maxSeriesPerMetric, buckets = {}, exclude = [] } = configuration;
    const redefined = Object.entries(buckets).map(([name, bounds]): [Instrument, WritableDescriptor] => {
      const instrument = this.#unused(name, 'buckets');
      if (instrument.descriptor.kind !== 'histogram') {
        throw new MetricsConfigurationError(
          `${name} is a ${instrument.descriptor.kind}; only histograms have buckets.`,
        );
      }
      return [
        instrument,
        describeMetric({ ...definedOnly(instrument.descriptor), kind: 'histogram', buckets: bounds }),
      ];
    });
    const excluded = exclude.map((name) => this.#unused(name, 'exclude'));

    this.#maxSeriesPerMetric = maxSeriesPerMetric ?? this.#maxSeriesPerMetric;
    for (const [instrument, descriptor] of redefined) instrument.redescribe(descriptor);
    for (const instrument of excluded) {
      instrument.exclude();
      this.registry.removeSingleMetric(instrument.name);
    }
  }

  #unused(name: string, option: string): Instrument {
    const instrument = this.#instruments.get(name);
    if (instrument === undefined) {
      throw new MetricsConfigurationError(
        `${option} contains ${JSON.stringify(name)}; expected the name of a TinyLLM metric.`,
      );
    }
    if (instrument.allSeries.length > 0) {
      throw new MetricsConfigurationError(
        `${option} contains ${name}, which is already in use; configure metrics before the first call, the first scrape and the start of a server.`,
      );
    }
    return instrument;
  }
}

function definedOnly({ unit, kind: _, ...rest }: WritableDescriptor): Omit<MetricOptions, 'kind'> {
  return unit === undefined ? rest : { ...rest, unit };
}

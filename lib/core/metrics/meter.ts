import type { Registry } from 'prom-client-original';
import { MetricClashError, MetricsConfigurationError } from '../errors/errors.js';
import type { CellSlice } from './cells.js';
import { checkConfiguration } from './check-configuration.js';
import { Counter } from './counter.js';
import { runDeferredWork } from './deferred-work.js';
import { describeMetric, type MetricKind, type MetricOptions, type WritableDescriptor } from './descriptor.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';
import { Info } from './info.js';
import type { Instrument, InstrumentHost } from './instrument.js';
import { SegmentChain, type SlicePlace } from './segment-chain.js';
import type { CellRecord, StateRecord } from './segment-record.js';
import type { SharedRegistry } from './shared-registry.js';

/** What can be configured of the metrics. */
export interface MeterConfiguration {
  /** Label sets a metric holds before further ones share the series `other`; a whole number from 1, default 1,000. */
  readonly maxSeriesPerMetric?: number | undefined;
  /** Other bucket bounds, by histogram name; ascending, without +Inf. */
  readonly buckets?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Names of metrics that are neither kept nor exposed. */
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

/** How many series wait for the first read. */
const MAX_PENDING = 10_000;

/** What a meter can be given. */
export interface MeterOptions {
  /** Called with the metric's name each time a label set past the cap is folded, or has no room. */
  readonly onOverflow?: ((metric: string) => void) | undefined;
  /** The most that one segment of shared memory takes, in bytes; a multiple of 64 KiB, default 256 MiB. */
  readonly maxSegmentBytes?: number | undefined;
}

/** Makes instruments over shared memory and registers them in one registry. */
export class Meter implements InstrumentHost {
  readonly memory: SegmentChain;
  readonly registry: Registry;
  readonly #instruments = new Map<string, Instrument>();
  readonly #onOverflow: (metric: string) => void;
  #maxSeriesPerMetric = 1_000;
  #pending: (() => void)[] | undefined = [];

  constructor(registry: Registry, { onOverflow = () => {}, maxSegmentBytes }: MeterOptions = {}) {
    this.registry = registry;
    this.memory = new SegmentChain(maxSegmentBytes);
    this.#onOverflow = onOverflow;
    // Told by what it can do: the registry may be of another copy of the package.
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
   * Makes an instrument and registers it; without labels its one series is there from the first read.
   *
   * @throws {InvalidDescriptorError} when the declaration is not valid.
   * @throws {MetricClashError} when the registry holds another metric of that name.
   */
  create<Kind extends MetricKind, Labels extends readonly string[]>(
    options: MetricOptions & { readonly kind: Kind; readonly labels?: Labels },
  ): InstrumentKinds<Labels>[Kind] {
    const descriptor = describeMetric(options);
    this.requireFree(descriptor.name);
    const instrument: Instrument = new CLASSES[descriptor.kind](descriptor, this, this.#instruments.size);
    this.#instruments.set(descriptor.name, instrument);
    // prom-client's own type for a metric names its four classes; what it calls is what Instrument has.
    this.registry.registerMetric(instrument as never);
    if (descriptor.labels.length === 0) this.whenRead(() => instrument.series());
    return instrument as InstrumentKinds<Labels>[Kind];
  }

  /** Makes sure that a name is not taken. @throws {MetricClashError} when the registry holds a metric of that name. */
  requireFree(name: string): void {
    if (this.registry.getSingleMetric(name) !== undefined) throw new MetricClashError(name);
  }

  /** Binds series before the first read, or at once after it, so that they are seen at zero before they are used. */
  whenRead(bind: () => void): void {
    if (this.#pending === undefined) bind();
    else this.#pending.push(bind);
    // So many wait only where classes are made in a loop, which must not be held for a first read that may never come.
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
   * Applies a configuration, all of it or, when something in it is wrong, none.
   *
   * `buckets` and `exclude` must come before the metrics they name are first recorded or scraped.
   *
   * @throws {MetricsConfigurationError} naming what cannot be applied, and why.
   * @throws {InvalidDescriptorError} when bucket bounds are not valid.
   */
  configure(configuration: MeterConfiguration): void {
    checkConfiguration(configuration);
    const { maxSeriesPerMetric, buckets = {}, exclude = [] } = configuration;
    const redescribed = Object.entries(buckets).map(([name, bounds]): [Instrument, WritableDescriptor] => {
      const instrument = this.#unused(name, 'buckets');
      if (instrument.descriptor.kind !== 'histogram') {
        throw new MetricsConfigurationError(
          `${name} is a ${instrument.descriptor.kind}; only histograms have buckets.`,
        );
      }
      return [instrument, describeMetric({ ...definedOnly(instrument.descriptor), buckets: bounds })];
    });
    const excluded = exclude.map((name) => this.#unused(name, 'exclude'));

    this.#maxSeriesPerMetric = maxSeriesPerMetric ?? this.#maxSeriesPerMetric;
    for (const [instrument, descriptor] of redescribed) instrument.redescribe(descriptor);
    for (const instrument of excluded) {
      instrument.exclude();
      this.registry.removeSingleMetric(instrument.name);
    }
  }

  #unused(name: string, option: string): Instrument {
    const instrument = this.#instruments.get(name);
    if (instrument === undefined) {
      throw new MetricsConfigurationError(`${option} names ${JSON.stringify(name)}; there is no metric of that name.`);
    }
    if (instrument.allSeries.length > 0) {
      throw new MetricsConfigurationError(
        `${option} names ${name}, which is already in use; configure metrics before the first call, the first scrape and the start of a server.`,
      );
    }
    return instrument;
  }
}

function definedOnly({ unit, ...rest }: WritableDescriptor): MetricOptions {
  return unit === undefined ? rest : { ...rest, unit };
}

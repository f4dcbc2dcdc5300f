import type { Registry } from 'prom-client-original';
import { MetricClashError } from '../errors/errors.js';
import { callContext, NO_LABELS } from './call-context.js';
import type { CellSlice } from './cells.js';
import { checkConfiguration } from './check-configuration.js';
import { Counter } from './counter.js';
import { runDeferredWork } from './deferred-work.js';
import type { InstrumentKind, MetricOptions } from './descriptor.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';
import { Info } from './info.js';
import type { Instrument } from './instrument.js';
import type { InstrumentHost } from './instrument-host.js';
import type { InstrumentSettings, MeterConfiguration } from './meter-configuration.js';
import type { ChunkMemory } from './native/chunk-memory.js';
import { NO_NATIVE_HISTOGRAMS, nativeSettingsFor } from './native/native-configuration.js';
import type { NativeSettings } from './native/native-histogram.js';
import { configuredDescriptor, type DeclaredInstrument, planConfiguration } from './plan-configuration.js';
import { planCustomHistograms } from './plan-custom-histograms.js';
import { SegmentChain, type SlicePlace } from './segment-chain.js';
import type { CellRecord, StateRecord } from './segment-record.js';
import type { SharedRegistry } from './shared-registry.js';

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

const DEFAULT_SETTINGS: InstrumentSettings = {
  buckets: {},
  labels: [],
  constantLabels: {},
  dropLabels: {},
  graphContext: false,
  nativeHistograms: NO_NATIVE_HISTOGRAMS,
};

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

/** Options of {@link Meter.configure}. */
export interface ConfigureOptions {
  /**
   * Whether another thread has already checked the configuration. It can then contain names of histograms that this
   * thread creates later.
   */
  readonly isInherited?: boolean;
}

/** Creates instruments in shared memory and registers them in one registry. */
export class Meter implements InstrumentHost {
  readonly memory: SegmentChain;
  readonly registry: Registry;
  /** Whether calls are recorded. */
  isEnabled = true;
  readonly #declared = new Map<string, DeclaredInstrument>();
  readonly #onOverflow: (metric: string) => void;
  #maxSeriesPerMetric = 1_000;
  #settings = DEFAULT_SETTINGS;
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

  /** The names of the instruments. */
  get names(): readonly string[] {
    return [...this.#declared.keys()];
  }

  /** The names of the additional labels of metrics that are recorded for each call. */
  get labels(): readonly string[] {
    return this.#settings.labels;
  }

  /** Whether calls inside a graph execution have the labels of that graph. */
  get graphContext(): boolean {
    return this.#settings.graphContext;
  }

  additionalLabelValues(given: Readonly<Record<string, string>> = NO_LABELS): readonly string[] {
    const { labels = NO_LABELS } = callContext.getStore() ?? {};
    return this.#settings.labels.map((label) => (Object.hasOwn(given, label) ? given[label]! : (labels[label] ?? '')));
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

  nativeSettingsFor(histogram: string): NativeSettings | undefined {
    return nativeSettingsFor(this.#settings.nativeHistograms, histogram);
  }

  get chunkMemory(): ChunkMemory {
    return this.memory.chunkMemory;
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
    const { descriptor, layout } = configuredDescriptor(options, this.#settings);
    this.requireUnusedName(descriptor.name);
    const instrument: Instrument = new CLASSES[options.kind](descriptor, this, this.memory.newMetric());
    if (layout !== undefined) instrument.redescribe(descriptor, layout);
    this.#declared.set(descriptor.name, { instrument, declared: options });
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
    for (const bind of pending) {
      try {
        bind();
      } catch {
        // The series is created at the first call instead. One failure must not prevent the others, or the read.
      }
    }
  }

  /**
   * Applies a configuration completely or, if any part of it is invalid, not at all.
   *
   * Set `buckets`, `nativeHistograms`, `exclude`, `labels`, `dropLabels` and `graphContext` before their metrics are
   * first recorded or scraped.
   *
   * @throws {MetricsConfigurationError} with the option that cannot be applied, and the reason.
   * @throws {InvalidDescriptorError} if bucket bounds are invalid.
   */
  configure(configuration: MeterConfiguration, { isInherited = false }: ConfigureOptions = {}): void {
    checkConfiguration(configuration);
    const plan = planConfiguration(this.#declared, this.#settings, configuration);
    const { registry } = this;
    const changedCustom =
      configuration.nativeHistograms === undefined
        ? []
        : planCustomHistograms({ registry, declared: this.#declared, isInherited }, plan.settings.nativeHistograms);
    // Fails if the labels are too long. Do this first, so that nothing else has changed then.
    if (configuration.constantLabels !== undefined) this.#setConstantLabels(configuration.constantLabels);
    this.#settings = plan.settings;
    this.#maxSeriesPerMetric = configuration.maxSeriesPerMetric ?? this.#maxSeriesPerMetric;
    this.isEnabled = configuration.enabled ?? this.isEnabled;
    for (const { instrument, descriptor, layout } of plan.changed) instrument.redescribe(descriptor, layout);
    for (const { histogram, settings } of changedCustom) histogram.configureNative?.(settings);
    for (const instrument of plan.excluded) {
      instrument.exclude();
      this.registry.removeSingleMetric(instrument.name);
    }
  }

  #setConstantLabels(labels: Readonly<Record<string, string>>): void {
    if ('setConstantLabels' in this.registry) (this.registry as SharedRegistry).setConstantLabels(labels);
    else this.registry.setDefaultLabels({ ...labels });
  }
}

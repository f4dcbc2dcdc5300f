import { MetricsConfigurationError } from '../errors/errors.js';
import { checkLabelNames } from './check-label-names.js';
import { describeMetric, type MetricOptions, type WritableDescriptor } from './descriptor.js';
import type { Instrument } from './instrument.js';
import { LabelLayout } from './label-layout.js';
import type { InstrumentSettings, MeterConfiguration } from './meter-configuration.js';
import { areEqualSettings, type NativeConfiguration, nativeConfiguration } from './native/native-configuration.js';
import type { NativeSettings } from './native/native-histogram.js';

/** An instrument, and its declaration without the changes of a configuration. */
export interface DeclaredInstrument {
  readonly instrument: Instrument;
  readonly declared: MetricOptions;
}

/** The new descriptor of an instrument. */
export interface ConfiguredDescriptor {
  readonly descriptor: WritableDescriptor;
  /** Undefined if the labels are the declared ones. */
  readonly layout: LabelLayout | undefined;
}

/** The effect of a configuration on the instruments of a meter. */
export interface ConfigurationPlan {
  readonly settings: InstrumentSettings;
  readonly changed: readonly (ConfiguredDescriptor & { readonly instrument: Instrument })[];
  readonly excluded: readonly Instrument[];
}

/** Returns the descriptor of a declared metric with these settings. @throws {InvalidDescriptorError} */
export function configuredDescriptor(
  declared: MetricOptions,
  { labels, dropLabels, buckets, nativeHistograms }: InstrumentSettings,
): ConfiguredDescriptor {
  const { name, labels: own = [] } = declared;
  const additional = declared.perCall ? labels : [];
  const dropped = dropLabels[name] ?? [];
  const kept = [...own, ...additional].filter((label) => !dropped.includes(label));
  const bounds = buckets[name] ?? declared.buckets ?? [];
  return {
    descriptor: describeMetric({
      ...declared,
      labels: kept,
      buckets: bounds,
      native: nativeOf(declared, nativeHistograms),
    }),
    layout: additional.length + dropped.length > 0 ? new LabelLayout(own, additional, dropped) : undefined,
  };
}

function nativeOf(
  { name, kind, isShared, native }: MetricOptions,
  configuration: NativeConfiguration,
): NativeSettings | undefined {
  if (kind !== 'histogram' || isShared) return undefined;
  return configuration.byName.has(name) ? configuration.byName.get(name) : (configuration.byDefault ?? native);
}

/**
 * Determines what a configuration changes. It changes nothing itself.
 *
 * @throws {MetricsConfigurationError} with the option that cannot be applied, and the reason.
 * @throws {InvalidDescriptorError} if bucket bounds are invalid.
 */
export function planConfiguration(
  known: ReadonlyMap<string, DeclaredInstrument>,
  before: InstrumentSettings,
  configuration: MeterConfiguration,
): ConfigurationPlan {
  const { buckets = {}, exclude = [], dropLabels = {} } = configuration;
  const { labels = before.labels, graphContext = before.graphContext } = configuration;
  const { constantLabels = before.constantLabels } = configuration;
  const settings = {
    labels,
    constantLabels,
    graphContext,
    nativeHistograms:
      configuration.nativeHistograms === undefined
        ? before.nativeHistograms
        : nativeConfiguration(configuration.nativeHistograms),
    buckets: { ...before.buckets, ...buckets },
    dropLabels: { ...before.dropLabels, ...dropLabels },
  };
  const all = [...known.values()];
  const perCall = all.filter(({ declared }) => declared.perCall);
  checkLabelNames(
    'labels',
    labels,
    perCall.map(({ declared }) => declared),
  );
  const declarations = [...all.map(({ declared }) => declared), { name: 'metrics with additional labels', labels }];
  checkLabelNames('constantLabels', Object.keys(constantLabels), declarations);

  const affected = new Set<DeclaredInstrument>();
  if (!isEqual(labels, before.labels)) for (const metric of perCall) affected.add(unused(metric, 'labels'));
  if (graphContext !== before.graphContext) for (const metric of perCall) unused(metric, 'graphContext');
  for (const name of Object.keys(buckets)) affected.add(histogramNamed(name, known));
  for (const [name, dropped] of Object.entries(settings.dropLabels)) {
    const metric = named(name, 'dropLabels', known);
    checkDropped(metric.declared, dropped, labels);
    if (!isEqual(dropped, before.dropLabels[name] ?? [])) affected.add(unused(metric, 'dropLabels'));
  }
  if (configuration.nativeHistograms !== undefined) {
    for (const metric of all)
      if (changesNative(metric, settings.nativeHistograms)) affected.add(unused(metric, 'nativeHistograms'));
  }
  return {
    settings,
    changed: [...affected].map(({ instrument, declared }) => ({
      instrument,
      ...configuredDescriptor(declared, settings),
    })),
    excluded: exclude.map((name) => unused(named(name, 'exclude', known), 'exclude').instrument),
  };
}

/** Whether a configuration changes the settings of native histograms of a metric. */
function changesNative({ instrument, declared }: DeclaredInstrument, configuration: NativeConfiguration): boolean {
  if (declared.isShared && configuration.byName.get(declared.name) !== undefined) {
    throw new MetricsConfigurationError(
      `nativeHistograms contains ${declared.name}, which can't be native, because several threads write it; omit it.`,
    );
  }
  return !areEqualSettings(nativeOf(declared, configuration), instrument.descriptor.native);
}

function histogramNamed(name: string, known: ReadonlyMap<string, DeclaredInstrument>): DeclaredInstrument {
  const metric = unused(named(name, 'buckets', known), 'buckets');
  const { kind } = metric.declared;
  if (kind !== 'histogram') {
    throw new MetricsConfigurationError(`${name} is a ${kind}; only histograms have buckets.`);
  }
  return metric;
}

function named(name: string, option: string, known: ReadonlyMap<string, DeclaredInstrument>): DeclaredInstrument {
  const metric = known.get(name);
  if (metric === undefined) {
    throw new MetricsConfigurationError(
      `${option} contains ${JSON.stringify(name)}; expected the name of a TinyLLM metric.`,
    );
  }
  return metric;
}

function unused(metric: DeclaredInstrument, option: string): DeclaredInstrument {
  const { instrument } = metric;
  if (!instrument.hasSeries) return metric;
  throw new MetricsConfigurationError(
    ['labels', 'graphContext', 'nativeHistograms'].includes(option)
      ? `${option} can't be changed, because ${instrument.name} is already in use; ${EARLIER}.`
      : `${option} contains ${instrument.name}, which is already in use; ${EARLIER}.`,
  );
}

const EARLIER = 'configure metrics before the first call, the first scrape and the start of a server';

function checkDropped(
  { name, kind, state, labels = [], perCall }: MetricOptions,
  dropped: readonly string[],
  additional: readonly string[],
): void {
  if (dropped.length === 0) return;
  if (kind === 'info' || state) {
    throw new MetricsConfigurationError(
      `dropLabels contains ${name}, whose values can't be added; expected a counter, a histogram or a gauge of active calls.`,
    );
  }
  const all = perCall ? [...labels, ...additional] : labels;
  const unknown = dropped.find((label) => !all.includes(label));
  if (unknown === undefined) return;
  throw new MetricsConfigurationError(
    `dropLabels.${name} contains ${JSON.stringify(unknown)}; expected ${all.length === 0 ? 'an empty list' : `labels of the metric: ${all.join(', ')}`}.`,
  );
}

function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((value, index) => value === others[index]);
}

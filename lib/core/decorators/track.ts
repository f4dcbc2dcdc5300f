import type { MetricsCollector } from '../collector/collector.js';
import { metricsAreOff } from '../collector/metrics-are-off.js';
import { getMetricsCollector } from '../collector/shared-collector.js';
import { bindLabels } from '../recording/bind-labels.js';
import { instanceName, type LabelSource } from '../recording/call-label.js';
import type { LabelOption, TrackOptions } from '../recording/call-options.js';
import type { CallSeries } from '../recording/call-series.js';
import { checkDecoratorArguments } from './check-options.js';
import { decorate, type TrackDecorator } from './decorate.js';
import { recordTracking, type TrackedKind } from './metadata.js';
import { observe } from './observe.js';
import type { AnyMethod } from './wrap-method.js';

/** What distinguishes one kind of tracked call. */
export interface TrackKind<Options extends TrackOptions> {
  /** Except for requests, this is also the name of the option and label that identify the node, graph or tool. */
  readonly kind: TrackedKind;
  readonly decorator: string;
  readonly wrapper: string;
  /** The labels that identify the series of a call. `name` is used if the options contain no name. */
  labels(options: Options, name: LabelOption): readonly LabelSource[];
  /** Binds the series of one set of label values. */
  bind(values: readonly string[], options: Options, collector: MetricsCollector): CallSeries;
}

/** How the calls of one method are recorded. */
export interface Tracking<Options extends TrackOptions> {
  readonly options: Options;
  /** The name of the node, graph or tool if the options contain none. */
  readonly name: LabelOption;
  /** The decorator or wrapper, for reports. */
  readonly caller: string;
  readonly isDecorator?: boolean;
}

/**
 * Creates a decorator of a kind from the arguments of its call.
 *
 * @throws {DecoratorUsageError} if the arguments are invalid.
 */
export function track<Options extends TrackOptions>(
  kind: TrackKind<Options>,
  args: readonly unknown[],
): TrackDecorator {
  checkDecoratorArguments(kind.decorator, kind.kind, args);
  const options = (args[0] ?? {}) as Options;
  const tracking = { options, name: instanceName, caller: `@${kind.decorator}`, isDecorator: true };
  return decorate(kind.decorator, (method) => trackMethod(method, kind, tracking));
}

/** Wraps a method so that its calls are recorded. Returns the method itself if `TINYLLM_METRICS` is `off`. */
export function trackMethod<Options extends TrackOptions>(
  method: AnyMethod,
  { kind, labels, bind }: TrackKind<Options>,
  { options, name, caller, isDecorator = false }: Tracking<Options>,
): AnyMethod {
  if (metricsAreOff()) {
    // A decorator is applied once to each method. A function can be wrapped any number of times.
    if (isDecorator) recordTracking(method, method, { kind, options });
    return method;
  }
  const collector = getMetricsCollector();
  const bindSeries = bindLabels({
    sources: labels(options, name),
    additional: options.labels,
    collector,
    site: { decorator: caller, method: nameOf(method, options, kind) },
    create: (values) => bind(values, options, collector),
  });
  const wrapper = observe(method, bindSeries, collector.meter);
  recordTracking(wrapper, method, { kind, options });
  return wrapper;
}

/** The name of a method or function, for reports. */
function nameOf(method: { readonly name: unknown }, options: TrackOptions, kind: TrackedKind): string {
  if (typeof method.name === 'string' && method.name !== '') return method.name;
  const name = (options as Readonly<Record<string, unknown>>)[kind];
  return typeof name === 'string' ? `the ${kind} ${name}` : 'a function without a name';
}

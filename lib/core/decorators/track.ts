import type { MetricsCollector } from '../collector/collector.js';
import { getMetricsCollector } from '../collector/shared-collector.js';
import { bindLabels, instanceName, type LabelSource } from '../recording/bind-labels.js';
import type { LabelOption, TrackOptions } from '../recording/call-options.js';
import type { CallSeries } from '../recording/call-series.js';
import { checkDecoratorArguments } from './check-options.js';
import { decorate, type TrackDecorator } from './decorate.js';
import { recordTracking, type TrackedKind } from './metadata.js';
import { observe } from './observe.js';
import type { AnyMethod } from './wrap-method.js';

/** What distinguishes one kind of tracked call. */
export interface TrackKind<Options extends TrackOptions> {
  /** For all kinds except requests, also the option and the label with the name of what is tracked. */
  readonly kind: TrackedKind;
  readonly decorator: string;
  readonly wrapper: string;
  /** The labels that identify the series of a call. `name` is used if the options contain no name. */
  labels(options: Options, name: LabelOption): readonly LabelSource[];
  /** Binds the series of one set of label values. */
  bind(values: readonly string[], options: Options, collector: MetricsCollector): CallSeries;
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
  return decorate(kind.decorator, (method) => trackMethod(method, kind, { options, name: instanceName }));
}

/** Wraps a method so that its calls are recorded with the options. `name` is used if the options contain no name. */
export function trackMethod<Options extends TrackOptions>(
  method: AnyMethod,
  { kind, labels, bind }: TrackKind<Options>,
  { options, name }: { readonly options: Options; readonly name: LabelOption },
): AnyMethod {
  const collector = getMetricsCollector();
  const bindSeries = bindLabels(labels(options, name), collector, (values) => bind(values, options, collector));
  const wrapper = observe(method, bindSeries);
  recordTracking(wrapper, method, { kind, options });
  return wrapper;
}

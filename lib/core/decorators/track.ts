import type { MetricsCollector } from '../collector/collector.js';
import { metricsAreOff } from '../collector/metrics-are-off.js';
import { getMetricsCollector } from '../collector/shared-collector.js';
import { bindLabels } from '../recording/bind-labels.js';
import type { LabelSource } from '../recording/call-label.js';
import type { TrackOptions } from '../recording/call-options.js';
import type { CallSeries } from '../recording/call-series.js';
import { checkOptions, type DecoratorName } from './check-options.js';
import { decorate, type TrackDecorator } from './decorate.js';
import { recordTracking, type TrackedKind } from './metadata.js';
import { observe } from './observe.js';

/** What distinguishes one kind of decorator. */
export interface TrackKind<Options extends TrackOptions> {
  readonly decorator: DecoratorName;
  readonly kind: TrackedKind;
  /** The labels that identify the series of a call. */
  labels(options: Options): readonly LabelSource[];
  /** Binds the series of one set of label values. */
  bind(values: readonly string[], options: Options, collector: MetricsCollector): CallSeries;
}

/**
 * Creates a decorator of a kind from the arguments of its call.
 *
 * @throws {DecoratorUsageError} if the arguments are invalid.
 */
export function track<Options extends TrackOptions>(
  { decorator, kind, labels, bind }: TrackKind<Options>,
  args: readonly [options?: Options],
): TrackDecorator {
  checkOptions(decorator, args);
  const options = args[0] ?? ({} as Options);
  return decorate(decorator, (method) => {
    if (metricsAreOff()) {
      recordTracking(method, method, { kind, options });
      return method;
    }
    const collector = getMetricsCollector();
    const bindSeries = bindLabels({
      sources: labels(options),
      additional: options.labels,
      collector,
      site: { decorator: `@${decorator}`, method: method.name },
      create: (values) => bind(values, options, collector),
    });
    const wrapper = observe(method, bindSeries, collector.meter);
    recordTracking(wrapper, method, { kind, options });
    return wrapper;
  });
}

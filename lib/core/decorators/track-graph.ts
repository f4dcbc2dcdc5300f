import type { MetricsCollector } from '../collector/collector.js';
import { type CallContext, contextLabels } from '../metrics/call-context.js';
import type { TrackGraphOptions } from '../recording/call-options.js';
import type { TrackDecorator } from './decorate.js';
import { type ExecutionMetrics, ExecutionSeries } from './execution-series.js';
import { type TrackKind, track } from './track.js';
import { type ThisOf, trackFunction } from './track-function.js';
import type { AnyMethod } from './wrap-method.js';

/** The series of one graph. With `graphContext`, calls inside the graph inherit its name and additional labels. */
class GraphSeries extends ExecutionSeries {
  override readonly scope: CallContext | undefined;

  constructor(
    values: readonly string[],
    options: TrackGraphOptions,
    collector: MetricsCollector,
    metrics: ExecutionMetrics,
  ) {
    super(values, options, collector, metrics);
    const [graph, ...additional] = values as readonly [string, ...string[]];
    const { graphContext, labels } = collector.meter;
    this.scope = graphContext ? { graph, labels: labelsOf(labels, additional) } : undefined;
  }
}

/** The labels that have a value. */
function labelsOf(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  const all = names.map((name, index): readonly [string, string] => [name, values[index] ?? '']);
  return contextLabels(Object.fromEntries(all.filter(([, value]) => value !== '')));
}

const graphCalls: TrackKind<TrackGraphOptions> = {
  kind: 'graph',
  decorator: 'TrackGraph',
  wrapper: 'trackGraph',
  labels: ({ graph }: TrackGraphOptions, name) => [{ name: 'graph', option: graph, fallback: name }],
  bind: (values, options, collector) => {
    const { graphExecutions, activeGraphs, graphDuration, graphErrors, graphCancelled } = collector.instruments;
    return new GraphSeries(values, options, collector, {
      calls: graphExecutions,
      active: activeGraphs,
      duration: graphDuration,
      errors: graphErrors,
      cancelled: graphCancelled,
    });
  },
};

/**
 * Tracks a method as a graph execution: executions, duration, active executions, errors by type and cancellations.
 *
 * A returned stream is followed to its last chunk. The default of the label `graph` is the instance's `id`, then its
 * `name`, then the class name.
 *
 * Writes `tinyllm_graph_executions_total`, `tinyllm_graph_execution_duration_seconds`, `tinyllm_active_graphs`,
 * `tinyllm_graph_errors_total` and `tinyllm_graph_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackGraph<
  // biome-ignore-start lint/suspicious/noExplicitAny: the default if TypeScript can't infer a type
  Self = any,
  Args extends readonly unknown[] = any,
  Result = any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
>(...options: [options?: TrackGraphOptions<Self, Args, Result>]): TrackDecorator<Self, Args, Result> {
  return track(graphCalls, options);
}

/**
 * Wraps a function so that each call is tracked as a graph execution: executions, duration, active executions, errors by type
 * and cancellations.
 *
 * The returned function has the same type, name, length and properties. A returned stream is followed to its last chunk.
 * The default of the label `graph` is the name of the function.
 *
 * Writes `tinyllm_graph_executions_total`, `tinyllm_graph_execution_duration_seconds`, `tinyllm_active_graphs`,
 * `tinyllm_graph_errors_total` and `tinyllm_graph_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if `fn` is not a function, is a class, or has no name and the option `graph` is missing,
 * or if an option is unknown or has the wrong type.
 */
export function trackGraph<Fn extends AnyMethod>(
  fn: Fn,
  options?: TrackGraphOptions<ThisOf<Fn>, Parameters<Fn>, ReturnType<Fn>>,
): Fn {
  return trackFunction(graphCalls, fn, options);
}

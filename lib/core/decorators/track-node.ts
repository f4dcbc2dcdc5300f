import type { TrackNodeOptions } from '../recording/call-options.js';
import type { TrackDecorator } from './decorate.js';
import { ExecutionSeries } from './execution-series.js';
import { type TrackKind, track } from './track.js';
import { type ThisOf, trackFunction } from './track-function.js';
import type { AnyMethod } from './wrap-method.js';

const nodeCalls: TrackKind<TrackNodeOptions> = {
  kind: 'node',
  decorator: 'TrackNode',
  wrapper: 'trackNode',
  labels: ({ node, graph }: TrackNodeOptions, name) => [
    { name: 'node', option: node, fallback: name },
    { name: 'graph', option: graph, fallback: 'default', inheritsGraph: true },
  ],
  bind: (values, options, collector) => {
    const { nodeExecutions, activeNodes, nodeDuration, nodeErrors, nodeCancelled } = collector.instruments;
    return new ExecutionSeries(values, options, collector, {
      calls: nodeExecutions,
      active: activeNodes,
      duration: nodeDuration,
      errors: nodeErrors,
      cancelled: nodeCancelled,
    });
  },
};

/**
 * Tracks a method as a node execution: executions, duration, active executions, errors by type and cancellations.
 *
 * A returned stream is followed to its last chunk. The default of the label `node` is the instance's `id`, then its
 * `name`, then the class name.
 *
 * Writes `tinyllm_node_executions_total`, `tinyllm_node_execution_duration_seconds`, `tinyllm_active_nodes`,
 * `tinyllm_node_errors_total` and `tinyllm_node_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackNode<
  // biome-ignore-start lint/suspicious/noExplicitAny: the default if TypeScript can't infer a type
  Self = any,
  Args extends readonly unknown[] = any,
  Result = any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
>(...options: [options?: TrackNodeOptions<Self, Args, Result>]): TrackDecorator<Self, Args, Result> {
  return track(nodeCalls, options);
}

/**
 * Wraps a function so that each call is tracked as a node execution: executions, duration, active executions, errors by type
 * and cancellations.
 *
 * The returned function has the same type, name, length and properties. A returned stream is followed to its last chunk.
 * The default of the label `node` is the name of the function.
 *
 * Writes `tinyllm_node_executions_total`, `tinyllm_node_execution_duration_seconds`, `tinyllm_active_nodes`,
 * `tinyllm_node_errors_total` and `tinyllm_node_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if `fn` is not a function, is a class, or has no name and the option `node` is missing,
 * or if an option is unknown or has the wrong type.
 */
export function trackNode<Fn extends AnyMethod>(
  fn: Fn,
  options?: TrackNodeOptions<ThisOf<Fn>, Parameters<Fn>, ReturnType<Fn>>,
): Fn {
  return trackFunction(nodeCalls, fn, options);
}

import type { TrackToolOptions } from '../recording/call-options.js';
import type { TrackDecorator } from './decorate.js';
import { ExecutionSeries } from './execution-series.js';
import { type TrackKind, track } from './track.js';
import { type ThisOf, trackFunction } from './track-function.js';
import type { AnyMethod } from './wrap-method.js';

const toolCalls: TrackKind<TrackToolOptions> = {
  kind: 'tool',
  decorator: 'TrackTool',
  wrapper: 'trackTool',
  labels: ({ tool, graph }: TrackToolOptions, name) => [
    { name: 'tool', option: tool, fallback: name },
    { name: 'graph', option: graph, fallback: 'default', inheritsGraph: true },
  ],
  bind: (values, options, collector) => {
    const { toolCalls, activeTools, toolDuration, toolErrors, toolCancelled } = collector.instruments;
    return new ExecutionSeries(values, options, collector, {
      calls: toolCalls,
      active: activeTools,
      duration: toolDuration,
      errors: toolErrors,
      cancelled: toolCancelled,
    });
  },
};

/**
 * Tracks a method as a tool call: calls, duration, active calls, errors by type and cancellations.
 *
 * A returned stream is followed to its last chunk. The default of the label `tool` is the instance's `id`, then its
 * `name`, then the class name.
 *
 * Writes `tinyllm_tool_calls_total`, `tinyllm_tool_call_duration_seconds`, `tinyllm_active_tools`,
 * `tinyllm_tool_errors_total` and `tinyllm_tool_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackTool<
  // biome-ignore-start lint/suspicious/noExplicitAny: the default if TypeScript can't infer a type
  Self = any,
  Args extends readonly unknown[] = any,
  Result = any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
>(...options: [options?: TrackToolOptions<Self, Args, Result>]): TrackDecorator<Self, Args, Result> {
  return track(toolCalls, options);
}

/**
 * Wraps a function so that each call is tracked as a tool call: calls, duration, active calls, errors by type
 * and cancellations.
 *
 * The returned function has the same type, name, length and properties. A returned stream is followed to its last chunk.
 * The default of the label `tool` is the name of the function.
 *
 * Writes `tinyllm_tool_calls_total`, `tinyllm_tool_call_duration_seconds`, `tinyllm_active_tools`,
 * `tinyllm_tool_errors_total` and `tinyllm_tool_cancelled_total`. Errors in functions of the options are counted in
 * `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if `fn` is not a function, is a class, or has no name and the option `tool` is missing,
 * or if an option is unknown or has the wrong type.
 */
export function trackTool<Fn extends AnyMethod>(
  fn: Fn,
  options?: TrackToolOptions<ThisOf<Fn>, Parameters<Fn>, ReturnType<Fn>>,
): Fn {
  return trackFunction(toolCalls, fn, options);
}

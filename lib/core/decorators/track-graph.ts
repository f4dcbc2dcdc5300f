import type { MetricsCollector } from '../collector/collector.js';
import { type CallContext, contextLabels } from '../metrics/call-context.js';
import { instanceName } from '../recording/call-label.js';
import type { TrackGraphOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

class GraphSeries extends CallSeries {
  override readonly scope: CallContext | undefined;
  readonly #graph: string;
  readonly #additional: readonly string[];

  constructor(values: readonly string[], options: TrackGraphOptions, collector: MetricsCollector) {
    const [graph, ...additional] = values as readonly [string, ...string[]];
    const { graphExecutions, activeGraphs, graphDuration } = collector.instruments;
    super(
      {
        calls: graphExecutions.series(graph, ...additional),
        active: activeGraphs.series(graph, ...additional),
        duration: graphDuration.series(graph, ...additional),
      },
      options,
      collector,
    );
    this.#graph = graph;
    this.#additional = additional;
    const { graphContext, labels } = collector.meter;
    this.scope = graphContext ? { graph, labels: labelsOf(labels, additional) } : undefined;
  }

  override failed(errorType: string): void {
    this.collector.instruments.graphErrors.series(this.#graph, errorType, ...this.#additional).inc();
  }

  override cancelled(): void {
    this.collector.instruments.graphCancelled.series(this.#graph, ...this.#additional).inc();
  }
}

/** The labels that have a value. */
function labelsOf(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  const all = names.map((name, index): readonly [string, string] => [name, values[index] ?? '']);
  return contextLabels(Object.fromEntries(all.filter(([, value]) => value !== '')));
}

/**
 * Tracks a method as a graph execution: executions, duration, active executions, errors by type and cancellations.
 *
 * A returned stream is followed to its last chunk.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackGraph(...options: [options?: TrackGraphOptions]): TrackDecorator {
  return track(
    {
      decorator: 'TrackGraph',
      kind: 'graph',
      labels: ({ graph }: TrackGraphOptions) => [{ name: 'graph', option: graph, fallback: instanceName }],
      bind: (values, trackOptions, collector) => new GraphSeries(values, trackOptions, collector),
    },
    options,
  );
}

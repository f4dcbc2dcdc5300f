import type { MetricsCollector } from '../collector/collector.js';
import { instanceName } from '../recording/bind-labels.js';
import type { TrackGraphOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

class GraphSeries extends CallSeries {
  readonly #graph: string;

  constructor(values: readonly string[], options: TrackGraphOptions, collector: MetricsCollector) {
    const [graph] = values as readonly [string];
    const { graphExecutions, activeGraphs, graphDuration } = collector.instruments;
    super(
      {
        calls: graphExecutions.series(graph),
        active: activeGraphs.series(graph),
        duration: graphDuration.series(graph),
      },
      options,
      collector,
    );
    this.#graph = graph;
  }

  override failed(errorType: string): void {
    this.collector.instruments.graphErrors.series(this.#graph, errorType).inc();
  }

  override cancelled(): void {
    this.collector.instruments.graphCancelled.series(this.#graph).inc();
  }
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
      labels: ({ graph }: TrackGraphOptions) => [{ option: graph, fallback: instanceName }],
      bind: (values, trackOptions, collector) => new GraphSeries(values, trackOptions, collector),
    },
    options,
  );
}

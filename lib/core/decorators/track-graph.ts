import type { MetricsCollector } from '../collector/collector.js';
import { ownName } from '../recording/bind-labels.js';
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
 * Tracks a method as the execution of a graph: counts it, times it, holds it active, and counts errors by type and
 * cancellations. A stream it returns is followed to its last chunk.
 *
 * @throws {DecoratorUsageError} when an option is unknown or of the wrong type, or when it stands on no method.
 */
export function TrackGraph(...options: [options?: TrackGraphOptions]): TrackDecorator {
  return track(
    {
      decorator: 'TrackGraph',
      kind: 'graph',
      labels: ({ graph }: TrackGraphOptions) => [{ option: graph, fallback: ownName }],
      bind: (values, given, collector) => new GraphSeries(values, given, collector),
    },
    options,
  );
}

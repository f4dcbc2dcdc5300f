import type { MetricsCollector } from '../collector/collector.js';
import { instanceName } from '../recording/bind-labels.js';
import type { TrackNodeOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

class NodeSeries extends CallSeries {
  readonly #node: string;
  readonly #graph: string;

  constructor(values: readonly string[], options: TrackNodeOptions, collector: MetricsCollector) {
    const [node, graph] = values as readonly [string, string];
    const { nodeExecutions, activeNodes, nodeDuration } = collector.instruments;
    super(
      {
        calls: nodeExecutions.series(node, graph),
        active: activeNodes.series(node, graph),
        duration: nodeDuration.series(node, graph),
      },
      options,
      collector,
    );
    this.#node = node;
    this.#graph = graph;
  }

  override failed(errorType: string): void {
    this.collector.incrementNodeErrorCount({ node: this.#node, graph: this.#graph, errorType });
  }

  override cancelled(): void {
    this.collector.instruments.nodeCancelled.series(this.#node, this.#graph).inc();
  }
}

/**
 * Tracks a method as a node execution: executions, duration, active executions, errors by type and cancellations.
 *
 * A returned stream is followed to its last chunk.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackNode(...options: [options?: TrackNodeOptions]): TrackDecorator {
  return track(
    {
      decorator: 'TrackNode',
      kind: 'node',
      labels: ({ node, graph }: TrackNodeOptions) => [
        { option: node, fallback: instanceName },
        { option: graph, fallback: 'default' },
      ],
      bind: (values, trackOptions, collector) => new NodeSeries(values, trackOptions, collector),
    },
    options,
  );
}

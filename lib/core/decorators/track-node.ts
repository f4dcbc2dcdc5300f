import type { MetricsCollector } from '../collector/collector.js';
import { instanceName } from '../recording/call-label.js';
import type { TrackNodeOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

class NodeSeries extends CallSeries {
  readonly #node: string;
  readonly #graph: string;
  readonly #additional: readonly string[];

  constructor(values: readonly string[], options: TrackNodeOptions, collector: MetricsCollector) {
    const [node, graph, ...additional] = values as readonly [string, string, ...string[]];
    const { nodeExecutions, activeNodes, nodeDuration } = collector.instruments;
    super(
      {
        calls: nodeExecutions.series(node, graph, ...additional),
        active: activeNodes.series(node, graph, ...additional),
        duration: nodeDuration.series(node, graph, ...additional),
      },
      options,
      collector,
    );
    this.#node = node;
    this.#graph = graph;
    this.#additional = additional;
  }

  override failed(errorType: string): void {
    this.collector.instruments.nodeErrors.series(this.#node, this.#graph, errorType, ...this.#additional).inc();
  }

  override cancelled(): void {
    this.collector.instruments.nodeCancelled.series(this.#node, this.#graph, ...this.#additional).inc();
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
        { name: 'node', option: node, fallback: instanceName },
        { name: 'graph', option: graph, fallback: 'default', inheritsGraph: true },
      ],
      bind: (values, trackOptions, collector) => new NodeSeries(values, trackOptions, collector),
    },
    options,
  );
}

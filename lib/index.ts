export {
  type CircuitBreakerState,
  MetricsCollector,
  type ModelResidency,
  type NodeLabels,
  type RequestLabels,
} from './collector.js';
export { getTrackedMethods, type TrackedMethod } from './decorators/metadata.js';
export { TrackGraph } from './decorators/track-graph.js';
export { TrackNode } from './decorators/track-node.js';
export { TrackRequest } from './decorators/track-request.js';
export { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './exposition/server.js';
export type { MeterConfiguration } from './metrics/meter.js';
export { registry } from './metrics/shared-registry.js';
export { configureMetrics, getMetricsCollector } from './shared-collector.js';

export {
  type CircuitBreakerState,
  configureMetrics,
  getMetricsCollector,
  MetricsCollector,
  type ModelResidency,
  type NodeLabels,
  type RequestLabels,
} from './collector.js';
export { getTrackedMethods, type TrackedMethod } from './decorators/metadata.js';
export { TrackGraph } from './decorators/track-graph.js';
export { TrackNode } from './decorators/track-node.js';
export { TrackRequest } from './decorators/track-request.js';
export { registry } from './metrics/shared-registry.js';

/**
 * The public API of TinyLLM: decorators, collector, metrics server, push and integrations.
 *
 * @module
 */
export type { CircuitBreakerState } from './collector/breaker-states.js';
export { MetricsCollector } from './collector/collector.js';
export type {
  CacheLabels,
  FallbackLabels,
  GraphLabels,
  ModelLabels,
  NodeLabels,
  PriorityLabels,
  RequestLabels,
  ToolLabels,
} from './collector/labels.js';
export type { ModelResidency, TokenCounts } from './collector/recorded-values.js';
export { configureMetrics, getMetricsCollector } from './collector/shared-collector.js';
export type { TrackDecorator } from './decorators/decorate.js';
export { getTrackedMethods, type TrackedKind, type TrackedMethod } from './decorators/metadata.js';
export type { ThisOf } from './decorators/track-function.js';
export { TrackGraph, trackGraph } from './decorators/track-graph.js';
export { TrackNode, trackNode } from './decorators/track-node.js';
export { TrackRequest, trackRequest } from './decorators/track-request.js';
export { TrackTool, trackTool } from './decorators/track-tool.js';
export {
  ApiKeysError,
  DecoratorUsageError,
  FileError,
  type FileErrorPlace,
  IntegrationError,
  InvalidDescriptorError,
  InvalidValueError,
  ListenError,
  MetricClashError,
  MetricsConfigurationError,
  MetricsDeliveryError,
  WebConfigError,
} from './errors/errors.js';
export { type ErrorFacts, isTinyLLMError, TinyLLMError } from './errors/tinyllm-error.js';
export { instrumentModel } from './integrations/instrument-model.js';
export type { LangChainOutput } from './integrations/metrics-callbacks.js';
export {
  type MetricsCallbacks,
  type MetricsCallbacksOptions,
  metricsCallbacks,
} from './integrations/metrics-callbacks.js';
export {
  type GenerateStep,
  type MetricsMiddleware,
  type MiddlewareModel,
  metricsMiddleware,
  type StreamedResult,
  type StreamStep,
} from './integrations/metrics-middleware.js';
export { type MountOptions, mount } from './integrations/mount.js';
export type { Aggregator, LabelValues, MetricConfiguration, MetricRegister } from './metrics/custom/configuration.js';
export {
  type BoundCounter,
  Counter,
  type CounterConfiguration,
  type CounterIncrement,
  type CounterValue,
} from './metrics/custom/counter.js';
export type { Collect } from './metrics/custom/custom-metric.js';
export type { PromClientExemplar } from './metrics/custom/exemplar.js';
export { type BoundGauge, Gauge, type GaugeConfiguration, type GaugeValue } from './metrics/custom/gauge.js';
export {
  type BoundHistogram,
  type EndTimer,
  Histogram,
  type HistogramConfiguration,
  type HistogramObservation,
} from './metrics/custom/histogram.js';
export type { HistogramValue } from './metrics/custom/histogram-values.js';
export type { ReadMetric } from './metrics/custom/read-metric.js';
export type { MetricOfApplication } from './metrics/custom/registered-metric.js';
export type { MeterConfiguration } from './metrics/meter-configuration.js';
export type { NativeHistogramsConfiguration } from './metrics/native/native-configuration.js';
export type { NativeHistogramChoice, NativeHistogramOptions } from './metrics/native/native-settings.js';
export { registry, type SharedRegistry } from './metrics/shared-registry.js';
export { type Clock, Timer } from './metrics/timer.js';
export type { FinishReason } from './providers/finish-reason.js';
export type { TokenUsage } from './providers/token-usage.js';
export { type PushOptions, pushMetrics } from './push/push.js';
export { writeMetricsFile } from './push/textfile.js';
export type {
  AwaitedResult,
  KnownArguments,
  LabelOption,
  ResultOrChunk,
  TrackGraphOptions,
  TrackNodeOptions,
  TrackOptions,
  TrackRequestOptions,
  TrackToolOptions,
} from './recording/call-options.js';
export type { IntegrationOptions } from './recording/request-calls.js';
export { currentLabels, withLabels } from './recording/with-labels.js';
export { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './server/metrics-server.js';
export { VERSION } from './version/version.js';

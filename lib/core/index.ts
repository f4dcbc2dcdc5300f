export type { ChatLogger } from '../executor/chat-server/chat-log.js';
export { type ChatServer, startChatServer } from '../executor/chat-server/chat-server.js';
export type { ChatServerOptions, CloseChatServerOptions } from '../executor/chat-server/chat-server-options.js';
export {
  GraphError,
  GraphLimitError,
  type GraphLimitFacts,
  type GraphLimitName,
  GraphRunError,
  PluginError,
  ToolError,
} from '../executor/errors/graph-errors.js';
export { ChatServerSettingsError, JobFailedError, QueueUnavailableError } from '../executor/errors/job-errors.js';
export {
  AllModelsFailedError,
  CircuitOpenError,
  ModelFileError,
  ModelSettingsError,
  ModelTimeoutError,
  UnknownProviderError,
} from '../executor/errors/model-client-errors.js';
export { SessionError, StoreError, type StoreErrorFacts, StoreSettingsError } from '../executor/errors/store-errors.js';
export { defaultGraphFile } from '../executor/graph/default-graph.js';
export { GraphExecutor, type GraphExecutorOptions, type RunOptions } from '../executor/graph/executor.js';
export type { Edge, Graph, GraphLimits } from '../executor/graph/graph.js';
export type { NamedModels } from '../executor/graph/graph-run.js';
export { type LoadGraphOptions, loadGraph } from '../executor/graph/load-graph.js';
export { toMermaid } from '../executor/graph/mermaid.js';
export type {
  AnswerSettings,
  ChainOptions,
  ChainOutcome,
  ChainRunner,
  GraphNode,
  Message,
  NodeCall,
  NodeContext,
  NodeOutcome,
  ResultReference,
} from '../executor/graph/node.js';
export {
  defineNodeKind,
  type NodeKind,
  type NodeKindDefinition,
  type NodeKindFacts,
  type ParsedNode,
} from '../executor/graph/node-kind.js';
export type { NodeTrace, RunResult, TracePart } from '../executor/graph/run-result.js';
export { CachedClient, type CachedClientOptions } from '../executor/models/cached-client.js';
export {
  type ConnectedModels,
  type ConnectModelsOptions,
  connectModels,
  type ModelOverrides,
} from '../executor/models/connect-models.js';
export { LlamaCppClient, type LlamaCppClientOptions } from '../executor/models/llama-cpp-client.js';
export type {
  ChatMessage,
  EmbedRequest,
  EmbedResponse,
  ModelChunk,
  ModelClient,
  ModelRequest,
  ModelResponse,
  ModelTimings,
} from '../executor/models/model-client.js';
export type { ModelSettings } from '../executor/models/model-settings.js';
export { providerNames } from '../executor/models/provider-names.js';
export { type ModelSelection, selectModelClient } from '../executor/models/select-model.js';
export { RedisQueue, type RedisQueueOptions } from '../executor/queue/redis-queue.js';
export { RedisWorker, type RedisWorkerOptions } from '../executor/queue/redis-worker.js';
export type { CacheType } from '../executor/stores/cache-backend.js';
export { Conversation, type ConversationOptions } from '../executor/stores/conversation.js';
export type { ConversationStore } from '../executor/stores/conversation-store.js';
export type { Exchange, Turn } from '../executor/stores/exchange.js';
export { type ConversationPlace, openConversations } from '../executor/stores/open-conversations.js';
export { ResponseCache, type ResponseCacheOptions } from '../executor/stores/response-cache.js';
export type { StoreProblemListener } from '../executor/stores/store-guard.js';
export { HubFileError } from '../hub/errors/hub-errors.js';
export { ProxySettingsError, UpstreamError, type UpstreamFailure } from '../proxy/errors/proxy-errors.js';
export { QueueClosedError, QueueConfigurationError, QueueFullError } from '../resilience/errors/queue-errors.js';
export { InProcessQueue, type InProcessQueueOptions, type Work } from '../resilience/queue/in-process-queue.js';
export type { AddOptions, CloseOptions, JobQueue, WhenFull } from '../resilience/queue/job-queue.js';
export { type Priority, priorities } from '../resilience/queue/priority.js';
export {
  type CacheLabels,
  type CircuitBreakerState,
  type FallbackLabels,
  type GraphLabels,
  MetricsCollector,
  type ModelLabels,
  type ModelResidency,
  type NodeLabels,
  type PriorityLabels,
  type RequestLabels,
  type TokenCounts,
} from './collector/collector.js';
export { configureMetrics, getMetricsCollector } from './collector/shared-collector.js';
export type { TrackDecorator } from './decorators/decorate.js';
export type { FinishReason } from './decorators/finish-reason.js';
export { getTrackedMethods, type TrackedKind, type TrackedMethod } from './decorators/metadata.js';
export type {
  LabelOption,
  TrackGraphOptions,
  TrackNodeOptions,
  TrackOptions,
  TrackRequestOptions,
} from './decorators/options.js';
export { TrackGraph } from './decorators/track-graph.js';
export { TrackNode } from './decorators/track-node.js';
export { TrackRequest } from './decorators/track-request.js';
export type { TokenUsage } from './decorators/usage.js';
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
export {
  ModelAccessError,
  ModelError,
  type ModelErrorFacts,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from './errors/model-errors.js';
export { type ErrorFacts, isTinyLLMError, TinyLLMError } from './errors/tinyllm-error.js';
export { instrumentModel } from './integrations/instrument-model.js';
export type { LangChainOutput } from './integrations/langchain-facts.js';
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
export type { IntegrationOptions } from './integrations/request-calls.js';
export type { MeterConfiguration } from './metrics/meter.js';
export { registry, type SharedRegistry } from './metrics/shared-registry.js';
export { type Clock, Timer } from './metrics/timer.js';
export { type PushOptions, pushMetrics } from './push/push.js';
export { writeMetricsFile } from './push/textfile.js';
export { ApiKeys, type ApiKeysOptions } from './server/api-keys.js';
export { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './server/metrics-server.js';
export { VERSION } from './version/version.js';

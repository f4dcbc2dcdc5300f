/**
 * The public API of `@tinyllm/executor`.
 *
 * @module
 */
export {
  type AddOptions,
  type CloseOptions,
  InProcessQueue,
  type InProcessQueueOptions,
  type JobQueue,
  type Priority,
  priorities,
  QueueClosedError,
  QueueConfigurationError,
  QueueFullError,
  type WhenFull,
  type Work,
} from '@tinyllm/resilience';
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
} from 'tinyllm/recording';
export { ApiKeys, type ApiKeysOptions, type ClientLabelSource, type ClientLabelsOptions } from 'tinyllm/server';
export type { ChatLogger } from './chat-server/chat-log.js';
export { type ChatServer, startChatServer } from './chat-server/chat-server.js';
export type { ChatLabelSource, ChatServerOptions, CloseChatServerOptions } from './chat-server/chat-server-options.js';
export {
  GraphError,
  GraphLimitError,
  type GraphLimitFacts,
  type GraphLimitName,
  GraphRunError,
  PluginError,
  ToolError,
} from './errors/graph-errors.js';
export { ChatServerSettingsError, JobFailedError, QueueUnavailableError } from './errors/job-errors.js';
export {
  AllModelsFailedError,
  CircuitOpenError,
  ModelFileError,
  ModelResponseLimitError,
  ModelSettingsError,
  ModelTimeoutError,
  UnknownProviderError,
} from './errors/model-client-errors.js';
export { SessionError, StoreError, type StoreErrorFacts, StoreSettingsError } from './errors/store-errors.js';
export { defaultGraphFile } from './graph/default-graph.js';
export { GraphExecutor, type GraphExecutorOptions, type RunOptions } from './graph/executor.js';
export type { Edge, Graph, GraphLimits } from './graph/graph.js';
export type { NamedModels } from './graph/graph-run.js';
export { type LoadGraphOptions, loadGraph } from './graph/load-graph.js';
export { loadPlugins } from './graph/load-plugins.js';
export { toMermaid } from './graph/mermaid.js';
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
  TextListener,
} from './graph/node.js';
export {
  defineNodeKind,
  type NodeKind,
  type NodeKindDefinition,
  type NodeKindFacts,
  type ParsedNode,
} from './graph/node-kind.js';
export type { ParseGraphOptions } from './graph/parse-graph.js';
export { parseGraph } from './graph/parse-graph.js';
export type { NodeTrace, RunResult, TracePart } from './graph/run-result.js';
export { CachedClient, type CachedClientOptions } from './models/cached-client.js';
export {
  type ConnectedModels,
  type ConnectModelsOptions,
  connectModels,
  type ModelOverrides,
} from './models/connect-models.js';
export { EmbeddedClient, embeddedName } from './models/embedded-client.js';
export { LlamaCppClient, type LlamaCppClientOptions } from './models/llama-cpp-client.js';
export type {
  ChatMessage,
  EmbedRequest,
  EmbedResponse,
  ModelChunk,
  ModelClient,
  ModelRequest,
  ModelResponse,
  ModelTimings,
} from './models/model-client.js';
export type { ModelSettings } from './models/model-settings.js';
export { defaultOllamaModel } from './models/ollama-client.js';
export { providerNames } from './models/provider-names.js';
export { type ModelSelection, selectModelClient } from './models/select-model.js';
export { tracked } from './models/tracked.js';
export { RedisQueue, type RedisQueueOptions } from './queue/redis-queue.js';
export { RedisWorker, type RedisWorkerOptions } from './queue/redis-worker.js';
export type { CacheType } from './stores/cache-backend.js';
export { Conversation, type ConversationOptions } from './stores/conversation.js';
export type { ConversationStore } from './stores/conversation-store.js';
export type { Exchange, Turn } from './stores/exchange.js';
export { type ConversationPlace, openConversations } from './stores/open-conversations.js';
export { ResponseCache, type ResponseCacheOptions } from './stores/response-cache.js';
export type { StoreProblemListener } from './stores/store-guard.js';

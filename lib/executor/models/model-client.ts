import type { FinishReason, TokenUsage } from 'tinyllm/recording';

export type { FinishReason, TokenUsage };

/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A request to a model. */
export interface ModelRequest {
  /** The user's message. */
  readonly prompt: string;
  /** The system message. */
  readonly system?: string;
  /** Earlier turns, oldest first. */
  readonly history?: readonly ChatMessage[];
  /** The maximum number of tokens of the answer, at least 1. Default: the model's own limit. */
  readonly maxTokens?: number;
  /** The sampling temperature, 0 or more. Default: the provider's own. */
  readonly temperature?: number;
  /** `json` requests an answer that is one JSON value. Default: text. */
  readonly format?: 'json';
  /** The name of the graph that sends the request. It is the `graph` label of the request's metrics. */
  readonly graph?: string;
  /** Aborts the call. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Durations in seconds, as measured by the provider or else by the client. Undefined if unknown. */
export interface ModelTimings {
  /** The time to load the model into memory. Undefined if it was loaded before. */
  readonly loadSeconds?: number;
  /** The load duration that Ollama reports. It is reported also for a model that was loaded before. */
  readonly reportedLoadSeconds?: number;
  /** The time to process the prompt. */
  readonly promptSeconds?: number;
  /** The time to generate the output tokens. */
  readonly outputSeconds?: number;
  /** The time to the first piece of the answer, measured by the client. Only answers of `generate` have it. */
  readonly firstTokenSeconds?: number;
}

/** A complete answer. */
export interface ModelResponse {
  readonly text: string;
  readonly model: string;
  /** The provider of the model that answered, if another model than the requested one answered. */
  readonly provider?: string;
  readonly finishReason: FinishReason;
  readonly usage: TokenUsage;
  readonly timings: ModelTimings;
  /** The `cache_type` of the cache that answered instead of the model. */
  readonly cached?: string;
  /** The cost in US dollars, if a price of the model is configured. */
  readonly costUsd?: number;
}

/** A piece of a streamed answer. The last piece contains the finish reason, the usage and the timings. */
export interface ModelChunk {
  readonly text: string;
  readonly finishReason?: FinishReason;
  readonly usage?: TokenUsage;
  readonly timings?: ModelTimings;
  /** The `cache_type` of the cache that answered instead of the model. */
  readonly cached?: string;
  /** The model that answers, if it is not the requested one. */
  readonly model?: string;
  /** The provider of the model that answers, if it is not the requested model. */
  readonly provider?: string;
  /** The cost in US dollars, if a price of the model is configured. It is in the piece with the usage. */
  readonly costUsd?: number;
}

/** A request for embeddings. */
export interface EmbedRequest {
  readonly texts: readonly string[];
  /** The name of the graph that sends the request. It is the `graph` label of the request's metrics. */
  readonly graph?: string;
  /** Aborts the call. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Embeddings, one vector per text, in the order of the texts. */
export interface EmbedResponse {
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
  readonly usage: TokenUsage;
  readonly timings: ModelTimings;
}

/** A connected language model. */
export interface ModelClient {
  /** The provider's name: `embedded`, `ollama`, … */
  readonly provider: string;
  /** The model's name. It is the `model` label of its metrics. */
  readonly model: string;
  /** The URL of its server, without a password. Undefined if there is no server. */
  readonly url?: string;

  /** Returns the complete answer. Throws a `ModelError`, or the signal's reason on abort. */
  generate(request: ModelRequest): Promise<ModelResponse>;

  /** Yields the answer in pieces, whose joined texts are the answer. Throws like `generate`. */
  stream(request: ModelRequest): AsyncIterable<ModelChunk>;

  /** Computes one vector per text. Undefined if the provider has no embeddings. Throws like `generate`. */
  embed?(request: EmbedRequest): Promise<EmbedResponse>;

  /** Releases the client's resources, such as a model in memory. Do not use the client afterwards. */
  close?(): Promise<void>;
}

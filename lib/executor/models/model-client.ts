import type { FinishReason, TokenUsage } from 'tinyllm/recording';

export type { FinishReason, TokenUsage };

/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What a model is asked. */
export interface ModelRequest {
  /** The user's words. */
  readonly prompt: string;
  /** Instructions that stand before the prompt. */
  readonly system?: string;
  /** Earlier turns, oldest first. */
  readonly history?: readonly ChatMessage[];
  /** After how many tokens the answer is cut off, at least 1; default: as the model decides. */
  readonly maxTokens?: number;
  /** How freely the model chooses its words, from 0; default: as the provider decides. */
  readonly temperature?: number;
  /** `json` asks for an answer that is one JSON value; default text. */
  readonly format?: 'json';
  /** The graph that asks; the `graph` label of the request's metrics. */
  readonly graph?: string;
  /** Ends the call early; it then rejects with an `AbortError`. */
  readonly signal?: AbortSignal;
}

/** What the provider itself measured, or else its client, in seconds; left out where neither can say. */
export interface ModelTimings {
  /** Time to bring the model into memory; left out if it was there. */
  readonly loadSeconds?: number;
  /** What Ollama reports as load duration, also for a model that was in memory. */
  readonly reportedLoadSeconds?: number;
  readonly promptSeconds?: number;
  readonly outputSeconds?: number;
  /** Until the first piece of a whole answer came, as the client saw it. */
  readonly firstTokenSeconds?: number;
}

/** A whole answer. */
export interface ModelResponse {
  readonly text: string;
  readonly model: string;
  /** Whose model answered, when it is another than the one asked. */
  readonly provider?: string;
  readonly finishReason: FinishReason;
  readonly usage: TokenUsage;
  readonly timings: ModelTimings;
  /** The cache that answered in the model's place; a `cache_type`. */
  readonly cached?: string;
  /** In US dollars, where the model's prices are configured. */
  readonly costUsd?: number;
}

/** A piece of a streamed answer; the last one carries how it ended. */
export interface ModelChunk {
  readonly text: string;
  readonly finishReason?: FinishReason;
  readonly usage?: TokenUsage;
  readonly timings?: ModelTimings;
  /** The cache that answered in the model's place; a `cache_type`. */
  readonly cached?: string;
  /** Which model answers, when it is another than the one asked. */
  readonly model?: string;
  /** Whose model answers, when it is another than the one asked. */
  readonly provider?: string;
  /** In US dollars, with the usage, where the model's prices are configured. */
  readonly costUsd?: number;
}

/** What is to be turned into vectors. */
export interface EmbedRequest {
  readonly texts: readonly string[];
  /** The graph that asks; the `graph` label of the request's metrics. */
  readonly graph?: string;
  /** Ends the call early; it then rejects with an `AbortError`. */
  readonly signal?: AbortSignal;
}

/** The vectors of some texts, in their order. */
export interface EmbedResponse {
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
  readonly usage: TokenUsage;
  readonly timings: ModelTimings;
}

/** A connected language model. */
export interface ModelClient {
  /** Who answers: `embedded`, `ollama`, … */
  readonly provider: string;
  /** The model's name; the `model` label of its metrics. */
  readonly model: string;
  /** Where its server is, without a password; left out where there is none. */
  readonly url?: string;

  /** Answers at once. Throws a `ModelError` or an `AbortError`. */
  generate(request: ModelRequest): Promise<ModelResponse>;

  /** Answers piece by piece; the pieces' texts joined are the answer. Throws like `generate`. */
  stream(request: ModelRequest): AsyncIterable<ModelChunk>;

  /** Turns texts into vectors, where the provider can. Throws like `generate`. */
  embed?(request: EmbedRequest): Promise<EmbedResponse>;

  /** Lets go of what the client holds: a model in memory, a connection. It is not asked afterwards. */
  close?(): Promise<void>;
}

import type { FinishReason } from 'tinyllm/recording';

/** The protocol of a case: it decides the path of the request and how the body is framed. */
export type CorpusApi =
  | 'ollama-chat'
  | 'ollama-generate'
  | 'ollama-embed'
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'anthropic-count-tokens'
  | 'gemini'
  | 'ai-sdk'
  | 'langchain';

/** The correct reading of a response. An omitted property means that the response does not state it. */
export interface ExpectedReading {
  /** All input tokens, including those read from or written to a cache. */
  readonly input?: number;
  readonly output?: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly reasoningOutput?: number;
  /** The `finish_reason` label of the request if the response is read to its end. */
  readonly finishReason: FinishReason;
  /** The index of the first chunk with output. Omitted if no chunk has output, and for whole responses. */
  readonly firstOutput?: number;
  /**
   * The index of the chunk with which the response is complete. Omitted if no chunk marks the end, and for whole
   * responses.
   */
  readonly lastChunk?: number;
  /** The `error_type` label if the response states an error. */
  readonly error?: string;
}

/** A realistic response of one provider, and its correct reading. */
export interface CorpusCase {
  /** What is special about the response, for example `streamed, usage in the last chunk`. */
  readonly name: string;
  /** The page or source file that documents the shape. */
  readonly source: string;
  readonly api: CorpusApi;
  /** Default: 200. */
  readonly status?: number;
  /** Default: the correct type for the protocol and the framing. `null` means no header. */
  readonly contentType?: string | null;
  /** A whole response: the parsed JSON body, or the JavaScript value that the library returns. */
  readonly whole?: object;
  /** A streamed response: the parsed chunks, or the JavaScript values that the library yields, in order. */
  readonly chunks?: readonly object[];
  /** The exact body if it differs from what `whole` or `chunks` produce, for example with comments between events. */
  readonly body?: string;
  /** Whether the stream ends with OpenAI's `[DONE]`. Default: true for the OpenAI chat and completions APIs. */
  readonly doneMark?: boolean;
  readonly expected: ExpectedReading;
}

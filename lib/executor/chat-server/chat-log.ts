import { QueueClosedError, QueueFullError } from '@tinyllm/resilience';
import {
  ModelAccessError,
  ModelError,
  ModelNotFoundError,
  ModelRateLimitError,
  ModelUnavailableError,
} from 'tinyllm/recording';
import { GraphLimitError } from '../errors/graph-errors.js';
import { CircuitOpenError, ModelTimeoutError } from '../errors/model-client-errors.js';
import type { RunResult } from '../graph/run-result.js';
import type { ChatRequest } from './chat-request.js';
import type { ErrorResponse } from './error-response.js';

/** Writes structured log lines: fields and a message. A pino logger has this shape. */
export interface ChatLogger {
  /** Logs an answered request, or a client that disconnected. */
  info(facts: object, message: string): void;
  /** Logs a request that failed with a 4xx error. If its stream had begun, the logged status is 200. */
  warn(facts: object, message: string): void;
  /** Logs a request that failed with a 5xx error. If its stream had begun, the logged status is 200. */
  error(facts: object, message: string): void;
}

/** Logged when the client disconnects. It is never sent; nginx uses the same number. */
const clientClosedRequest = 499;

/** Errors whose messages contain neither a text of the client nor a text of a model server. */
const errorsWithoutPrompts = [GraphLimitError, ModelNotFoundError, ModelTimeoutError, QueueClosedError, QueueFullError];

/**
 * Errors whose messages quote the response of the model server, if there was a response. An error with a `status` had a
 * response. The server's text can repeat the prompt.
 */
const errorsThatQuoteServers = [ModelAccessError, ModelRateLimitError, ModelUnavailableError];

/** Collects the log fields of one request, and writes one line when the request ends. */
export class ChatLog {
  readonly #logger: ChatLogger | undefined;
  readonly #prompts: boolean;
  readonly #facts: Record<string, unknown>;
  readonly #started = performance.now();
  #rejection: ErrorResponse | undefined;

  /** @param prompts Whether to log questions, history and answers too. */
  constructor(logger: ChatLogger | undefined, prompts: boolean, facts: { readonly id: string; readonly path: string }) {
    this.#logger = logger;
    this.#prompts = prompts;
    this.#facts = { ...facts };
  }

  /** Sets the name of the API key. */
  client(holder: string): void {
    this.#facts.client = holder;
  }

  requested({ model, question, history, stream }: ChatRequest): void {
    Object.assign(this.#facts, { model, stream });
    if (this.#prompts) Object.assign(this.#facts, { question, history });
  }

  answered({ provider, model, usage, finishReason, answer }: RunResult): void {
    Object.assign(this.#facts, { provider, providerModel: model, ...usage });
    if (finishReason !== undefined) this.#facts.finishReason = finishReason;
    if (this.#prompts) this.#facts.answer = answer;
  }

  rejected(rejection: ErrorResponse): void {
    this.#rejection = rejection;
  }

  failed(error: unknown, rejection: ErrorResponse): void {
    this.#rejection = rejection;
    this.#facts.error = this.#errorFacts(error);
  }

  /** Logs the request. Call it once. `wasSent` is true if the complete response was sent. */
  end(status: number, wasSent: boolean): void {
    const loggedStatus = wasSent || this.#rejection !== undefined ? status : clientClosedRequest;
    const facts = {
      ...this.#facts,
      status: loggedStatus,
      seconds: Math.round(performance.now() - this.#started) / 1000,
    };
    if (this.#rejection !== undefined) {
      const { error } = this.#rejection;
      this.#logger?.[this.#rejection.status >= 500 ? 'error' : 'warn'](
        { ...facts, code: error.code, param: error.param },
        'request failed',
      );
    } else if (wasSent) this.#logger?.info(facts, 'request answered');
    else this.#logger?.info(facts, 'client disconnected');
  }

  /** The log fields of an error. The message is included if prompts are logged or if the message contains no prompt. */
  #errorFacts(error: unknown): object {
    const { name = typeof error, message } = Object(error) as Partial<Error>;
    return {
      name,
      ...(error instanceof ModelError && error.status !== undefined ? { status: error.status } : {}),
      ...(message !== undefined && (this.#prompts || isWithoutPrompts(error)) ? { message } : {}),
      ...(error instanceof CircuitOpenError ? { lastFailure: this.#errorFacts(error.lastFailure) } : {}),
    };
  }
}

/** Whether the message of an error contains no prompt. False if this is not certain. */
function isWithoutPrompts(error: unknown): boolean {
  // The message of a `CircuitOpenError` quotes the message of its last failure.
  if (error instanceof CircuitOpenError) return isWithoutPrompts(error.lastFailure);
  if (errorsWithoutPrompts.some((errorClass) => error instanceof errorClass)) return true;
  return errorsThatQuoteServers.some((errorClass) => error instanceof errorClass && error.status === undefined);
}

import { QueueClosedError, QueueFullError } from '@tinyllm/resilience';
import { ModelAccessError, ModelNotFoundError, ModelRateLimitError, ModelUnavailableError } from 'tinyllm/recording';
import { GraphLimitError } from '../errors/graph-errors.js';
import { CircuitOpenError, ModelTimeoutError } from '../errors/model-client-errors.js';
import type { RunResult } from '../graph/run-result.js';
import type { ChatRequest } from './chat-request.js';
import type { ErrorResponse } from './error-response.js';

/** Writes structured log lines: fields and a message. A pino logger has this shape. */
export interface ChatLogger {
  /** Logs an answered request, or a client that disconnected. */
  info(facts: object, message: string): void;
  /** Logs a request rejected with a 4xx status. */
  warn(facts: object, message: string): void;
  /** Logs a request that ended with a 5xx status. */
  error(facts: object, message: string): void;
}

/** Logged when the client disconnects. It is never sent; nginx uses the same number. */
const clientClosedRequest = 499;

/** Errors whose messages never contain prompts. The messages of other errors may contain them. */
const errorsWithoutPrompts = [
  ...[CircuitOpenError, GraphLimitError, ModelAccessError, ModelNotFoundError, ModelRateLimitError],
  ...[ModelTimeoutError, ModelUnavailableError, QueueClosedError, QueueFullError],
];

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
    const { name = typeof error, message } = Object(error) as Partial<Error>;
    const showsMessage = this.#prompts || errorsWithoutPrompts.some((errorClass) => error instanceof errorClass);
    this.#facts.error = { name, ...(showsMessage && message !== undefined ? { message } : {}) };
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
}

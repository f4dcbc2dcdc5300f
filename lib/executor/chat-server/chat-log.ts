import { QueueClosedError, QueueFullError } from '@tinyllm/resilience';
import { ModelAccessError, ModelNotFoundError, ModelRateLimitError, ModelUnavailableError } from 'tinyllm/recording';
import { GraphLimitError } from '../errors/graph-errors.js';
import { CircuitOpenError, ModelTimeoutError } from '../errors/model-client-errors.js';
import type { RunResult } from '../graph/run-result.js';
import type { ChatRequest } from './chat-request.js';
import type { Refusal } from './refusal.js';

/** Takes a line of a log: its facts, and what happened. pino's loggers are such. */
export interface ChatLogger {
  /** Takes what went as it should. */
  info(facts: object, message: string): void;
  /** Takes what was refused, or left by its client. */
  warn(facts: object, message: string): void;
  /** Takes what failed. */
  error(facts: object, message: string): void;
}

/** No answer has that status; nginx logs it so. */
const clientLeft = 499;

/** Errors that say nothing of what was asked; the words of others may repeat it. */
const discreet = [
  ...[CircuitOpenError, GraphLimitError, ModelAccessError, ModelNotFoundError, ModelRateLimitError],
  ...[ModelTimeoutError, ModelUnavailableError, QueueClosedError, QueueFullError],
];

/** What there is to say of a request, gathered while it is answered, and logged once at its end. */
export class ChatLog {
  readonly #logger: ChatLogger | undefined;
  readonly #prompts: boolean;
  readonly #facts: Record<string, unknown>;
  readonly #started = performance.now();
  #refusal: Refusal | undefined;

  /** `prompts` says whether what was asked and answered is logged as well. */
  constructor(logger: ChatLogger | undefined, prompts: boolean, facts: { readonly id: string; readonly path: string }) {
    this.#logger = logger;
    this.#prompts = prompts;
    this.#facts = { ...facts };
  }

  /** Whose key it came with. */
  client(holder: string): void {
    this.#facts.client = holder;
  }

  asked({ model, question, history, stream }: ChatRequest): void {
    Object.assign(this.#facts, { model, stream });
    if (this.#prompts) Object.assign(this.#facts, { question, history });
  }

  answered({ provider, model, usage, finishReason, answer }: RunResult): void {
    Object.assign(this.#facts, { provider, providerModel: model, ...usage });
    if (finishReason !== undefined) this.#facts.finishReason = finishReason;
    if (this.#prompts) this.#facts.answer = answer;
  }

  refused(refusal: Refusal): void {
    this.#refusal = refusal;
  }

  failed(error: unknown, refusal: Refusal): void {
    this.#refusal = refusal;
    const { name = typeof error, message } = Object(error) as Partial<Error>;
    const tells = this.#prompts || discreet.some((errorClass) => error instanceof errorClass);
    this.#facts.error = { name, ...(tells && message !== undefined ? { message } : {}) };
  }

  /** Logs the request; `isWhole` says whether the answer was sent to its end. */
  end(status: number, isWhole: boolean): void {
    const due = isWhole || this.#refusal !== undefined ? status : clientLeft;
    const facts = { ...this.#facts, status: due, seconds: Math.round(performance.now() - this.#started) / 1000 };
    if (this.#refusal !== undefined) {
      const { error } = this.#refusal;
      this.#logger?.[this.#refusal.status >= 500 ? 'error' : 'warn'](
        { ...facts, code: error.code, param: error.param },
        'refused',
      );
    } else if (isWhole) this.#logger?.info(facts, 'answered');
    else this.#logger?.info(facts, 'the client left');
  }
}

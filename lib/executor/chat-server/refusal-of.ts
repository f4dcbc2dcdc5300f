import { QueueClosedError, QueueFullError } from '@tinyllm/resilience';
import {
  failureKind,
  ModelError,
  ModelRateLimitError,
  ModelRequestError,
  ModelUnavailableError,
} from 'tinyllm/recording';
import { GraphLimitError } from '../errors/graph-errors.js';
import { AllModelsFailedError, CircuitOpenError } from '../errors/model-client-errors.js';
import { type Refusal, refusal } from './refusal.js';

/** When to come again to a server that is busy or about to end. */
const soon = 1;

/**
 * What a client is told of an error. It is in words of its own: those of models and tools may repeat the question, or tell
 * of addresses that are no client's business.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof QueueFullError) {
    const message = 'The server is busy and its queue is full; try again later.';
    return refusal(503, { message, code: 'queue_full', retryAfterSeconds: soon });
  }
  if (error instanceof QueueClosedError) return closing();
  if (error instanceof GraphLimitError && error.limit !== 'seconds') {
    const { limit, allowed } = error;
    const message = `The run went past its graph's limit of ${allowed} ${limit === 'cost' ? 'US dollars' : limit}; ask for less.`;
    return refusal(422, { message, code: 'graph_limit_exceeded' });
  }
  if (failureKind(error) === 'timeout') {
    return refusal(504, { message: 'The answer took too long; ask for less, or try again later.', code: 'timeout' });
  }
  if (error instanceof AllModelsFailedError) return refusalOf(error.errors.at(-1));
  return error instanceof ModelError ? ofModel(error) : failed();
}

/** What clients are told while the server ends. */
export function closing(): Refusal {
  const message = 'The server is shutting down; try again later.';
  return refusal(503, { message, code: 'shutting_down', retryAfterSeconds: soon });
}

function ofModel(error: ModelError): Refusal {
  const { retryAfterSeconds } = error;
  if (error instanceof ModelRateLimitError) {
    const message = "The graph's model is asked too often; try again later.";
    return refusal(429, { message, code: 'rate_limit_exceeded', retryAfterSeconds });
  }
  if (error instanceof CircuitOpenError || error instanceof ModelUnavailableError) {
    const message = "The graph's model cannot answer now; try again later.";
    return refusal(503, { message, code: 'model_unavailable', retryAfterSeconds });
  }
  if (error instanceof ModelRequestError) {
    const message = "The graph's model does not take the request; it may be too long.";
    return refusal(400, { message, code: 'model_refused' });
  }
  return refusal(502, { message: "The graph's model failed; the server's log says how.", code: 'model_failed' });
}

function failed(): Refusal {
  return refusal(500, { message: "The graph failed; the server's log says how.", code: 'graph_failed' });
}

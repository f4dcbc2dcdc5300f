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
import { embeddedName } from '../models/embedded-client.js';
import { type ErrorResponse, errorResponse } from './error-response.js';

/** `Retry-After` of a server that is busy or shutting down. */
const retrySoonSeconds = 1;

/**
 * The error response for a failed run.
 *
 * The texts are fixed: messages of models and tools may contain the question or internal addresses.
 */
export function runErrorResponse(error: unknown): ErrorResponse {
  if (error instanceof QueueFullError) {
    const message = 'The server is busy and its queue is full; try again later.';
    return errorResponse(503, { message, code: 'queue_full', retryAfterSeconds: retrySoonSeconds });
  }
  if (error instanceof QueueClosedError) return shuttingDown();
  if (error instanceof GraphLimitError && error.limit !== 'seconds') {
    const { limit, allowed } = error;
    const message = `The run exceeded the graph's limit of ${allowed} ${limit === 'cost' ? 'US dollars' : limit}; send a smaller request.`;
    return errorResponse(422, { message, code: 'graph_limit_exceeded' });
  }
  if (failureKind(error) === 'timeout') {
    return errorResponse(504, {
      message: 'The answer took too long; send a smaller request, or try again later.',
      code: 'timeout',
    });
  }
  if (error instanceof AllModelsFailedError) return runErrorResponse(error.errors.at(-1));
  return error instanceof ModelError ? modelErrorResponse(error) : failed();
}

/** The error response during shutdown. */
export function shuttingDown(): ErrorResponse {
  const message = 'The server is shutting down; try again later.';
  return errorResponse(503, { message, code: 'shutting_down', retryAfterSeconds: retrySoonSeconds });
}

function modelErrorResponse(error: ModelError): ErrorResponse {
  const { retryAfterSeconds } = error;
  if (error instanceof ModelRateLimitError) {
    const message = "The graph's model has reached its rate limit; try again later.";
    return errorResponse(429, { message, code: 'rate_limit_exceeded', retryAfterSeconds });
  }
  if (error instanceof ModelUnavailableError && error.provider === embeddedName) {
    // A retry would have the same result, and OpenAI's clients retry after a 503.
    const message =
      'The graph has no language model, and its calculator answers only arithmetic; ask for a calculation.';
    return errorResponse(422, { message, code: 'not_arithmetic' });
  }
  if (error instanceof CircuitOpenError || error instanceof ModelUnavailableError) {
    const message = "The graph's model is not available; try again later.";
    return errorResponse(503, { message, code: 'model_unavailable', retryAfterSeconds });
  }
  if (error instanceof ModelRequestError) {
    const message = "The graph's model rejected the request; the request may be too long, so send a shorter one.";
    return errorResponse(400, { message, code: 'model_refused' });
  }
  return errorResponse(502, { message: "The graph's model failed; see the server's log.", code: 'model_failed' });
}

function failed(): ErrorResponse {
  return errorResponse(500, { message: "The graph failed; see the server's log.", code: 'graph_failed' });
}

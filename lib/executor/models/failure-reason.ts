import {
  failureKind,
  ModelError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelUnavailableError,
} from 'tinyllm/recording';
import { CircuitOpenError } from '../errors/model-client-errors.js';
import { embeddedName } from './embedded-client.js';

/** Why a model call failed. These are all values of the `reason` label. */
export type FailureReason =
  | 'timeout'
  | 'rate_limited'
  | 'unavailable'
  | 'server_error'
  | 'protocol'
  | 'circuit_open'
  | 'not_found'
  | 'rejected';

/** Reasons that a retry may resolve. */
const transient: ReadonlySet<FailureReason | undefined> = new Set([
  'timeout',
  'rate_limited',
  'unavailable',
  'server_error',
  'protocol',
]);

/** Providers that run in this process. */
const inProcess: ReadonlySet<string> = new Set([embeddedName, 'llama-cpp']);

/**
 * Returns why a call failed. Returns undefined for a cancellation, and for an error that comes neither from the model
 * nor from its provider.
 */
export function failureReason(error: unknown): FailureReason | undefined {
  if (error instanceof CircuitOpenError) return 'circuit_open';
  const kind = failureKind(error);
  if (kind !== 'error') return kind === 'timeout' ? 'timeout' : undefined;
  if (!(error instanceof ModelError)) return undefined;
  if (error instanceof ModelNotFoundError) return 'not_found';
  return reasonOfStatus(error.status) ?? reasonOfClass(error);
}

/** Returns why a call failed if a retry may succeed, or else undefined. */
export function transientReason(error: unknown): FailureReason | undefined {
  const reason = failureReason(error);
  // An in-process provider fails again: the question cannot be computed, or a library is missing.
  if (reason !== 'timeout' && error instanceof ModelError && inProcess.has(error.provider)) return undefined;
  return transient.has(reason) ? reason : undefined;
}

function reasonOfStatus(status: number | undefined): FailureReason | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  if (status === 425 || status === 503) return 'unavailable';
  return status >= 500 ? 'server_error' : 'rejected';
}

function reasonOfClass(error: ModelError): FailureReason {
  if (error instanceof ModelUnavailableError) return 'unavailable';
  return error instanceof ModelProtocolError ? 'protocol' : 'rejected';
}

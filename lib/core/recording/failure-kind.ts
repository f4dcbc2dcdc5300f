import { isNativeError } from 'node:util/types';

/** Why a call failed, as far as its error tells. */
export type FailureKind = 'error' | 'timeout' | 'cancelled';

/** Error codes that mean a deadline passed: Node's sockets and undici. */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const MAX_CAUSES = 5;

/**
 * Tells a timeout and the caller's cancellation from other failures.
 *
 * A timeout is a `TimeoutError`, a class whose name ends so, a timeout code, or an abort by `AbortSignal.timeout`. A
 * cancellation is an `AbortError`, a class whose name ends so, or the reason with which one of the given signals was
 * aborted. Either may also be the `cause` of another error. If one of the signals was aborted, an error whose message
 * says so is a cancellation too, because some clients throw an error of their own.
 */
export function failureKind(error: unknown, signals: readonly AbortSignal[] = []): FailureKind {
  const causes = causesOf(error);
  const signal = signals.find(({ aborted }) => aborted);
  if (signal !== undefined) {
    const { reason } = signals.find(({ aborted, reason }) => aborted && causes.includes(reason)) ?? signal;
    if (causes.includes(reason) || causes.some((cause) => isAbort(cause) || saysAborted(cause))) {
      return causesOf(reason).some(isTimeout) ? 'timeout' : 'cancelled';
    }
  }
  if (causes.some(isTimeout)) return 'timeout';
  return causes.some(isAbort) ? 'cancelled' : 'error';
}

/** The `error_type` of an error: its class name; of anything else thrown, its `typeof`, and `null` for null. */
export function errorTypeOf(error: unknown): string {
  if (error === null) return 'null';
  if (error instanceof Error || isNativeError(error)) {
    const named = [error.constructor?.name, error.name].find(
      (name: unknown) => typeof name === 'string' && name !== '',
    );
    return named ?? 'Error';
  }
  return typeof error;
}

function isAbort(error: unknown): boolean {
  const { name, code, constructor: type } = factsOf(error);
  return name === 'AbortError' || code === 'ABORT_ERR' || /Abort(ed)?Error$/.test(type?.name ?? '');
}

function isTimeout(error: unknown): boolean {
  const { name, code, constructor: type } = factsOf(error);
  return name === 'TimeoutError' || TIMEOUT_CODES.has(code) || /TimeoutError$/.test(type?.name ?? '');
}

function saysAborted(error: unknown): boolean {
  const { message } = factsOf(error);
  return typeof message === 'string' && /\b(?:abort|cancel)/i.test(message);
}

/** An error, its cause, the cause of that, and so on, as far as is worth looking. */
function causesOf(error: unknown): unknown[] {
  const causes = [error];
  for (let { cause } = factsOf(error); cause !== undefined && causes.length < MAX_CAUSES; { cause } = factsOf(cause)) {
    causes.push(cause);
  }
  return causes;
}

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly constructor?: { readonly name?: string };
}

function factsOf(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? (error as ErrorLike) : {};
}

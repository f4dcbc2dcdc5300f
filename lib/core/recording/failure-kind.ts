import { isNativeError } from 'node:util/types';

/** Why a call failed, according to its error. */
export type FailureKind = 'error' | 'timeout' | 'cancelled';

/** Error codes of timeouts in Node's sockets and in undici. */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const MAX_CAUSES = 5;

/**
 * Distinguishes timeouts and cancellations by the caller from other failures.
 *
 * A timeout is a `TimeoutError`, an error whose class name ends in `TimeoutError`, a timeout code, or an abort by
 * `AbortSignal.timeout`. A cancellation is an `AbortError`, an error whose class name ends in `AbortError` or
 * `AbortedError`, or the abort reason of one of the signals. Each of them can also be the `cause` of another error.
 *
 * Some clients throw their own error after an abort. If one of the signals was aborted, an error whose message mentions
 * an abort or a cancellation is a cancellation too.
 */
export function failureKind(error: unknown, signals: readonly AbortSignal[] = []): FailureKind {
  const causes = causesOf(error);
  const signal = signals.find(({ aborted }) => aborted);
  if (signal !== undefined) {
    const { reason } = signals.find(({ aborted, reason }) => aborted && causes.includes(reason)) ?? signal;
    if (causes.includes(reason) || causes.some((cause) => isAbort(cause) || mentionsAbort(cause))) {
      return causesOf(reason).some(isTimeout) ? 'timeout' : 'cancelled';
    }
  }
  if (causes.some(isTimeout)) return 'timeout';
  return causes.some(isAbort) ? 'cancelled' : 'error';
}

/** The `error_type` of an error: its class name. For other thrown values: their `typeof`, or `null`. */
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

function mentionsAbort(error: unknown): boolean {
  const { message } = factsOf(error);
  return typeof message === 'string' && /\b(?:abort|cancel)/i.test(message);
}

/** Lists an error and its chain of causes, at most `MAX_CAUSES` in total. */
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

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
 * cancellation is an `AbortError`, or whatever reason one of the given signals was aborted with. Either may also be the
 * `cause` of another error.
 */
export function failureKind(error: unknown, signals: readonly AbortSignal[] = []): FailureKind {
  for (const signal of signals) {
    if (signal.aborted && (causesOf(error).includes(signal.reason) || isAbort(error))) {
      return isTimeout(signal.reason) ? 'timeout' : 'cancelled';
    }
  }
  if (isTimeout(error)) return 'timeout';
  return isAbort(error) ? 'cancelled' : 'error';
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

/** The abort signals among some values: themselves, or in their `signal`. */
export function signalsIn(values: readonly unknown[]): AbortSignal[] {
  return values.flatMap((value) => {
    const signal = value instanceof AbortSignal ? value : (value as { signal?: unknown } | null | undefined)?.signal;
    return signal instanceof AbortSignal ? [signal] : [];
  });
}

function isAbort(error: unknown): boolean {
  const { name, code, constructor: type } = factsOf(error);
  return name === 'AbortError' || code === 'ABORT_ERR' || /Abort(ed)?Error$/.test(type?.name ?? '');
}

function isTimeout(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const { name, code, constructor: type } = factsOf(cause);
    return name === 'TimeoutError' || TIMEOUT_CODES.has(code) || /TimeoutError$/.test(type?.name ?? '');
  });
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
  readonly cause?: unknown;
  readonly constructor?: { readonly name?: string };
}

function factsOf(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? (error as ErrorLike) : {};
}

import type { BodyLimits, CallFacts, ExceededLimit } from 'tinyllm/recording';
import { errorFacts } from 'tinyllm/recording';
import { ModelResponseLimitError } from '../../errors/model-client-errors.js';

const mebibyte = 1024 ** 2;

/** The maximum size of one line or one event of a stream, in bytes. */
export const maxPartBytes = mebibyte;

/** The maximum size of an answer or of embeddings, in bytes, if the client has no other limit. */
export const defaultResponseBytes = 64 * mebibyte;

/**
 * The maximum size, in bytes, of a JSON response from a server that does not stream although the client requested a
 * stream.
 */
export const maxWholeAnswerBytes = 16 * mebibyte;

/** Limits of responses with a version or a list of models. */
export const listLimits: BodyLimits = { bytes: 4 * mebibyte, seconds: 30 };

/** Limits of responses with an error status. */
export const errorResponseLimits: BodyLimits = { bytes: 256 * 1024, seconds: 10 };

/** Limits of the progress of a pull. Only one line at a time is in memory. */
export const pullLimits: BodyLimits = { bytes: 1024 * mebibyte };

const howToAllowMore = 'if its answers are that long, increase maxResponseBytes, or max_response_bytes in a graph file';

/** A part of a response that has its own limit. */
export interface LimitedPart {
  /** The name of the part in messages. */
  readonly name: string;
  /** The limit, in bytes. */
  readonly bytes: number;
}

/** Creates the error for a response that exceeded one of its limits. */
export function responseLimitError(
  call: CallFacts,
  limits: BodyLimits,
  exceeded: ExceededLimit,
): ModelResponseLimitError {
  const limit = exceeded === 'bytes' ? amount(limits.bytes) : `${limits.seconds} s`;
  const problem = exceeded === 'bytes' ? `sent more than ${limit}` : `did not finish its response within ${limit}`;
  const isFixed = limits === pullLimits || call.model === undefined;
  return limitError(call, problem, isFixed ? call.whenOther : howToAllowMore);
}

/** Creates the error for a part of a response that exceeded its own limit. */
export function partLimitError(call: CallFacts, { name, bytes }: LimitedPart): ModelResponseLimitError {
  return limitError(call, `sent ${name} of more than ${amount(bytes)}`, call.whenOther);
}

function limitError(call: CallFacts, problem: string, advice: string): ModelResponseLimitError {
  return new ModelResponseLimitError(`${call.name} at ${call.url} ${problem}; ${advice}.`, errorFacts(call));
}

function amount(bytes: number): string {
  return bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}

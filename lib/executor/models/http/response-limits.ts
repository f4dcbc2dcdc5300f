import type { BodyLimits, CallFacts, ExceededLimit } from 'tinyllm/recording';
import { errorFacts } from 'tinyllm/recording';
import { ModelResponseLimitError } from '../../errors/model-client-errors.js';

const mebibyte = 1024 ** 2;

/** In bytes, of one line or one event of a streamed answer. */
export const longestPart = mebibyte;

/** In bytes, of an answer or of embeddings, if the client has no other limit. */
export const defaultResponseBytes = 64 * mebibyte;

/** In bytes, of an answer that is one JSON value where a stream was expected. */
export const longestWholeAnswer = 16 * mebibyte;

/** Lists of models, and versions. */
export const listLimits: BodyLimits = { bytes: 4 * mebibyte, seconds: 30 };

/** The reason of a response that is no success. */
export const refusalLimits: BodyLimits = { bytes: 256 * 1024, seconds: 10 };

/** The progress of a pull, of which one line is held at a time. */
export const pullLimits: BodyLimits = { bytes: 1024 * mebibyte };

const whenLonger = 'if its answers are that long, raise maxResponseBytes, or max_response_bytes in a graph file';

/** A part of a response that has a limit of its own, and that limit in bytes. */
export interface LimitedPart {
  readonly name: string;
  readonly bytes: number;
}

/** The error for a response that exceeded one of its limits. */
export function responseLimitError(
  call: CallFacts,
  limits: BodyLimits,
  exceeded: ExceededLimit,
): ModelResponseLimitError {
  const most = exceeded === 'bytes' ? amount(limits.bytes) : `${limits.seconds} s`;
  const problem = exceeded === 'bytes' ? `sent more than ${most}` : `had not finished its response after ${most}`;
  const isFixed = limits === pullLimits || call.model === undefined;
  return limitError(call, problem, isFixed ? call.whenOther : whenLonger);
}

/** The error for a part of a response that exceeded its own limit. */
export function partLimitError(call: CallFacts, { name, bytes }: LimitedPart): ModelResponseLimitError {
  return limitError(call, `sent ${name} of more than ${amount(bytes)}`, call.whenOther);
}

function limitError(call: CallFacts, problem: string, advice: string): ModelResponseLimitError {
  return new ModelResponseLimitError(`${call.name} at ${call.url} ${problem}; ${advice}.`, errorFacts(call));
}

function amount(bytes: number): string {
  return bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}

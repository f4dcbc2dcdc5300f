import type { CallFacts } from 'tinyllm/recording';
import { errorTypeOf, failureKind, ModelProtocolError, ModelUnavailableError, unreachable } from 'tinyllm/recording';
import type { Outcome } from './request-record.js';

/** Facts for classifying an error. Only the class of the error is used, so the texts are empty. */
const facts: CallFacts = {
  provider: 'proxy',
  name: 'The upstream',
  url: '',
  setting: '--upstream',
  usualPort: 0,
  whenAbsent: '',
  whenOther: '',
  whenMissing: () => '',
  whenLocked: '',
};

/**
 * The outcome for a failed upstream. The error types are the same as for TinyLLM's own clients.
 *
 * @param hasAnswered Whether the response had started.
 */
export function upstreamFailure(error: unknown, hasAnswered: boolean): Outcome {
  if (failureKind(error) === 'timeout') return { kind: 'failed', errorType: 'timeout', isTimeout: true };
  return { kind: 'failed', errorType: typeOf(error, hasAnswered), isTimeout: false };
}

function typeOf(error: unknown, hasAnswered: boolean): string {
  if (hasAnswered) return ModelProtocolError.name;
  return error === undefined ? ModelUnavailableError.name : errorTypeOf(unreachable(facts, error));
}

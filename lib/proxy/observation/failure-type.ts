import type { CallFacts } from 'tinyllm/recording';
import { errorTypeOf, failureKind, ModelProtocolError, ModelUnavailableError, unreachable } from 'tinyllm/recording';
import type { Outcome } from './request-record.js';

/** Of a call whose error is told apart by its class alone; nobody reads the message. */
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
 * What an upstream's failure counts as: the same as it does for our own clients.
 *
 * @param hasAnswered Whether an answer had begun.
 */
export function upstreamFailure(error: unknown, hasAnswered: boolean): Outcome {
  if (failureKind(error) === 'timeout') return { kind: 'failed', errorType: 'timeout', isTimeout: true };
  return { kind: 'failed', errorType: typeOf(error, hasAnswered), isTimeout: false };
}

function typeOf(error: unknown, hasAnswered: boolean): string {
  if (hasAnswered) return ModelProtocolError.name;
  return error === undefined ? ModelUnavailableError.name : errorTypeOf(unreachable(facts, error));
}

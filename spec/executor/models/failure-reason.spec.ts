import { expect } from 'chai';
import {
  ModelError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelUnavailableError,
} from '../../../lib/core/errors/model-errors.js';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { CircuitOpenError, ModelTimeoutError } from '../../../lib/executor/errors/model-client-errors.js';
import { failureReason, transientReason } from '../../../lib/executor/models/failure-reason.js';

const provider = 'ollama';
const status = (code: number) => new ModelProtocolError('', { provider, status: code });
const timeout = new ModelTimeoutError('', { provider });

const cases: readonly (readonly [string, unknown, string | undefined, string | undefined])[] = [
  ['a status of 429', status(429), 'rate_limited', 'rate_limited'],
  ['a status of 408', status(408), 'timeout', 'timeout'],
  ['a status of 425', status(425), 'unavailable', 'unavailable'],
  ['a status of 500', status(500), 'server_error', 'server_error'],
  ['a status of 503', status(503), 'unavailable', 'unavailable'],
  ['a status of 400', status(400), 'rejected', undefined],
  ['a status of 401', new ModelError('', { provider, status: 401 }), 'rejected', undefined],
  ['a dead server', new ModelUnavailableError('', { provider }), 'unavailable', 'unavailable'],
  ['a broken answer', new ModelProtocolError('', { provider }), 'protocol', 'protocol'],
  ['a missing model', new ModelNotFoundError('', { provider, status: 404 }), 'not_found', undefined],
  ['a model timeout', timeout, 'timeout', 'timeout'],
  ["a socket's timeout", Object.assign(new Error(), { code: 'ETIMEDOUT' }), 'timeout', 'timeout'],
  ['an open circuit breaker', new CircuitOpenError('', { provider }, timeout), 'circuit_open', undefined],
  [
    'a question the embedded client cannot compute',
    new ModelUnavailableError('', { provider: 'embedded' }),
    'unavailable',
    undefined,
  ],
  ['an abort', new DOMException('', 'AbortError'), undefined, undefined],
  ['an error that is not of the model', new GraphRunError(''), undefined, undefined],
  ['an error of the program', new TypeError(''), undefined, undefined],
];

describe('failureReason and transientReason', () => {
  for (const [title, error, reason, transient] of cases) {
    it(`classify ${title} as ${reason ?? 'none'}, ${transient === undefined ? 'without a retry' : 'with a retry'}`, () => {
      expect(failureReason(error)).to.equal(reason);
      expect(transientReason(error)).to.equal(transient);
    });
  }
});

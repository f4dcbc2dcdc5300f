import { expect } from 'chai';
import { runErrorResponse } from '../../../lib/executor/chat-server/run-error-response.js';
import * as errors from '../../support/all-errors.js';

const secret = 'the question was: where is the treasure?';
const facts = { provider: 'openai', model: 'm' };
const over = (limit: errors.GraphLimitName) => ({ limit, allowed: 3, reached: 4 });

describe('runErrorResponse', () => {
  const cases: readonly [unknown, number, string, number?][] = [
    [new errors.QueueFullError(7), 503, 'queue_full', 1],
    [new errors.QueueClosedError(), 503, 'shutting_down', 1],
    [new errors.GraphLimitError(secret, over('tokens')), 422, 'graph_limit_exceeded'],
    [new errors.GraphLimitError(secret, over('cost')), 422, 'graph_limit_exceeded'],
    [
      new errors.GraphLimitError(secret, { ...over('seconds'), cause: new DOMException('', 'TimeoutError') }),
      504,
      'timeout',
    ],
    [new DOMException(secret, 'TimeoutError'), 504, 'timeout'],
    [new errors.ModelTimeoutError(secret, facts), 504, 'timeout'],
    [new errors.ModelRateLimitError(secret, { ...facts, retryAfterSeconds: 9 }), 429, 'rate_limit_exceeded', 9],
    [new errors.ModelUnavailableError(secret, facts), 503, 'model_unavailable'],
    [new errors.ModelUnavailableError(secret, { provider: 'embedded' }), 422, 'not_arithmetic'],
    [new errors.CircuitOpenError(secret, facts, undefined), 503, 'model_unavailable'],
    [new errors.ModelRequestError(secret, facts), 400, 'model_refused'],
    [new errors.ModelProtocolError(secret, facts), 502, 'model_failed'],
    [new errors.ModelAccessError(secret, facts), 502, 'model_failed'],
    [new errors.ModelServerError(secret, facts), 502, 'model_failed'],
    [
      new errors.AllModelsFailedError(secret, facts, [
        new errors.ModelServerError(secret, facts),
        new errors.ModelUnavailableError(secret, facts),
      ]),
      503,
      'model_unavailable',
    ],
    [new errors.ToolError(secret), 500, 'graph_failed'],
    [new TypeError(secret), 500, 'graph_failed'],
    ['a text', 500, 'graph_failed'],
  ];
  for (const [error, status, code, retryAfterSeconds] of cases) {
    it(`returns ${status} ${code} for ${Object(error).name ?? typeof error}, without its message`, () => {
      const refused = runErrorResponse(error);
      expect(refused).to.deep.include({ status });
      expect(refused.retryAfterSeconds).to.equal(retryAfterSeconds);
      expect(refused.error).to.include({ code, param: null });
      expect(refused.error.message)
        .to.match(/^.+\.$/)
        .and.not.to.include('treasure');
    });
  }

  it('uses the error types of OpenAI', () => {
    const typeOf = (error: unknown) => runErrorResponse(error).error.type;
    expect(typeOf(new errors.ModelRateLimitError(secret, facts))).to.equal('rate_limit_error');
    expect(typeOf(new errors.ModelRequestError(secret, facts))).to.equal('invalid_request_error');
    expect(typeOf(new errors.QueueFullError(1))).to.equal('server_error');
  });
});

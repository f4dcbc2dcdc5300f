import { expect } from 'chai';
import { refusalClass } from '../../../lib/core/providers/refusal-class.js';

const missing = "model 'm' not found";

const cases: readonly (readonly [status: number, stated: string | undefined, name: string])[] = [
  [401, 'no key', 'ModelAccessError'],
  [403, undefined, 'ModelAccessError'],
  [429, undefined, 'ModelRateLimitError'],
  ...[502, 503, 504, 529].map((status) => [status, 'overloaded', 'ModelUnavailableError'] as const),
  ...[500, 501, 505, 520].map((status) => [status, undefined, 'ModelServerError'] as const),
  [400, 'too long', 'ModelRequestError'],
  [499, 'gone', 'ModelRequestError'],
  [400, undefined, 'ModelProtocolError'],
  [302, 'moved', 'ModelProtocolError'],
  [399, 'unknown', 'ModelProtocolError'],
  [404, missing, 'ModelNotFoundError'],
  [404, 'The models are gone', 'ModelNotFoundError'],
  [404, 'The API DEPLOYMENT for this resource does not exist.', 'ModelNotFoundError'],
  [404, 'No endpoints found for m', 'ModelNotFoundError'],
  [404, 'page not found', 'ModelProtocolError'],
  [404, 'a modeling problem; redeployments; 3 no endpoints foundation', 'ModelProtocolError'],
  [404, 'remodel', 'ModelProtocolError'],
  [404, 'predeployment', 'ModelProtocolError'],
  [404, 'piano endpoints found', 'ModelProtocolError'],
  [404, undefined, 'ModelProtocolError'],
];

describe('refusalClass', () => {
  for (const [status, stated, name] of cases) {
    it(`is ${name} for status ${status} ${stated === undefined ? 'without a reason' : `with "${stated}"`}`, () => {
      expect(refusalClass({ status, stated, asksModel: true }).name).to.equal(name);
    });
  }

  it('is not a missing model if the request was not to a model', () => {
    expect(refusalClass({ status: 404, stated: missing, asksModel: false }).name).to.equal('ModelProtocolError');
  });
});

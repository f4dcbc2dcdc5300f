import { expect } from 'chai';
import { failedType, statedErrorType } from '../../../lib/core/providers/stated-error.js';

describe('stated errors', () => {
  it('an error in the field `error` is a protocol error, because the server broke off its response', () => {
    for (const error of ['no memory', { message: 'no memory' }, new Error('no memory'), { code: 500 }, true]) {
      expect(statedErrorType({ error })).to.equal('ModelProtocolError');
    }
  });

  it('an empty `error` field is not an error', () => {
    for (const error of [undefined, null, '', false, [], Number.NaN]) {
      expect(statedErrorType({ error }), String(error)).to.equal(undefined);
    }
    expect(statedErrorType({})).to.equal(undefined);
  });

  it('a response that ended because of an error is a server error', () => {
    expect(failedType('error')).to.equal('ModelServerError');
    for (const reason of ['stop', 'length', 'tool_calls', 'cancelled', 'timeout', 'other', undefined] as const) {
      expect(failedType(reason), reason).to.equal(undefined);
    }
  });
});

import { expect } from 'chai';
import * as errors from '../../lib/errors.js';
import { isTinyLLMError } from '../../lib/errors.js';

describe('the errors of stores', () => {
  const cause = new Error('underneath');
  const made = {
    StoreError: new errors.StoreError('It broke.', { store: 'redis', operation: 'get', cause }),
    StoreSettingsError: new errors.StoreSettingsError('It broke.'),
    SessionError: new errors.SessionError('It broke.'),
  };

  it('go by their names, and are ours', () => {
    expect(Object.keys(errors)).to.have.members(Object.keys(made));
    for (const [name, error] of Object.entries(made)) {
      expect(String(error)).to.equal(`${name}: It broke.`);
      expect(isTinyLLMError(error)).to.equal(true);
    }
  });

  it('say which store failed in what, and why', () => {
    expect(made.StoreError).to.include({ store: 'redis', operation: 'get', cause });
  });
});

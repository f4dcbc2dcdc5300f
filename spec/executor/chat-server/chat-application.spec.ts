import { expect } from 'chai';
import { requestId } from '../../../lib/executor/chat-server/chat-application.js';

describe('requestId', () => {
  it('uses a valid ID of the client', () => {
    for (const id of ['a', '4bf92f35-77b3.x_y:1', 'z'.repeat(128)]) {
      expect(requestId({ 'x-request-id': id })).to.equal(id);
    }
  });

  it('creates an ID if the ID of the client is missing, too long, or contains other characters', () => {
    for (const id of [undefined, '', 'z'.repeat(129), 'a b', 'a"b', 'ä', '{}', 'a,b']) {
      const made = requestId({ 'x-request-id': id });
      expect(made)
        .to.match(/^[0-9a-f-]{36}$/)
        .and.not.to.equal(requestId({}));
    }
  });
});

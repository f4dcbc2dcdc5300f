import { expect } from 'chai';
import { withoutOldestTurn } from '../../../../lib/executor/models/llama-cpp/chat-items.js';
import type { ChatMessage } from '../../../../lib/executor/models/model-client.js';

describe('withoutOldestTurn', () => {
  const turn = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });

  it('removes a question with its answer, and keeps instructions', () => {
    const history = [turn('system', 's'), turn('user', '1'), turn('assistant', '2'), turn('user', '3')];
    const shorter = withoutOldestTurn(history);
    expect(shorter).to.deep.equal([turn('system', 's'), turn('user', '3')]);
    expect(withoutOldestTurn(shorter ?? [])).to.deep.equal([turn('system', 's')]);
    expect(withoutOldestTurn([turn('system', 's')])).to.equal(undefined);
  });

  it('removes an answer without a question', () => {
    expect(withoutOldestTurn([turn('assistant', '2'), turn('user', '3')])).to.deep.equal([turn('user', '3')]);
  });
});

import { expect } from 'chai';
import { withoutEarliest } from '../../../../lib/executor/models/llama-cpp/chat-items.js';
import type { ChatMessage } from '../../../../lib/executor/models/model-client.js';

describe('withoutEarliest', () => {
  const turn = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });

  it('leaves out a question with its answer, and keeps instructions', () => {
    const history = [turn('system', 's'), turn('user', '1'), turn('assistant', '2'), turn('user', '3')];
    const shorter = withoutEarliest(history);
    expect(shorter).to.deep.equal([turn('system', 's'), turn('user', '3')]);
    expect(withoutEarliest(shorter ?? [])).to.deep.equal([turn('system', 's')]);
    expect(withoutEarliest([turn('system', 's')])).to.equal(undefined);
  });

  it('leaves out an answer that has lost its question', () => {
    expect(withoutEarliest([turn('assistant', '2'), turn('user', '3')])).to.deep.equal([turn('user', '3')]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { SessionError, StoreSettingsError } from '../../../lib/executor/errors/store-errors.js';
import { Conversation } from '../../../lib/executor/stores/conversation.js';
import { writeExchange } from '../../../lib/executor/stores/exchange.js';
import { sampleValue } from '../../support/parse-text.js';

async function counted(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  return sampleValue(await registry.metrics(), name, labels) ?? 0;
}

const operations = (operation_type: string) => counted('tinyllm_memory_operations_total', { operation_type });

describe('Conversation', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-conversation-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('recalls earlier turns, and counts its operations', async () => {
    const before = [await operations('load'), await operations('append')];
    const first = new Conversation({ session: 'a', folder });
    expect(await first.recall()).to.deep.equal([]);
    await first.remember('my name is Ada', 'hello Ada');
    await first.close();
    expect(await new Conversation({ session: 'a', folder }).recall()).to.deep.equal([
      { role: 'user', content: 'my name is Ada' },
      { role: 'assistant', content: 'hello Ada' },
    ]);
    expect(await new Conversation({ session: 'b', folder }).recall()).to.deep.equal([]);
    const after = [await operations('load'), await operations('append')];
    expect(after.map((value, index) => value - (before[index] ?? 0))).to.deep.equal([3, 1]);
  });

  it('recalls at most the latest 20 exchanges', async () => {
    const exchanges = Array.from({ length: 22 }, (_, index) =>
      writeExchange({ at: '', question: `question ${index}`, answer: 'an answer' }),
    );
    await writeFile(join(folder, 'a.jsonl'), `${exchanges.join('\n')}\n`);
    const turns = await new Conversation({ session: 'a', folder }).recall();
    expect(turns).to.have.length(40);
    expect(turns[0]).to.deep.equal({ role: 'user', content: 'question 2' });
  });

  it('works if its store is unavailable, reports the problem once and counts it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const problems: Error[] = [];
    const conversation = new Conversation({ session: 'a', folder: file, onProblem: (error) => problems.push(error) });
    const before = await counted('tinyllm_store_errors_total', { store: 'disk', operation: 'load' });
    expect(await conversation.recall()).to.deep.equal([]);
    await conversation.remember('a question', 'an answer');
    expect(problems.map(({ name }) => name)).to.deep.equal(['StoreError']);
    expect(await counted('tinyllm_store_errors_total', { store: 'disk', operation: 'load' })).to.equal(before + 1);
  });

  it('rejects corrupted sessions and invalid session names', async () => {
    await writeFile(join(folder, 'a.jsonl'), 'hello\n');
    const conversation = new Conversation({ session: 'a', folder });
    expect(await conversation.recall().catch((error: unknown) => error)).to.be.instanceOf(SessionError);
    expect(() => new Conversation({ session: '', folder })).to.throw(SessionError);
    expect(() => new Conversation({ session: 'a', store: 'http://x' })).to.throw(StoreSettingsError);
  });
});

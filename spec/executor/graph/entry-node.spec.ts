import { expect } from 'chai';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { EntryNode } from '../../../lib/executor/graph/entry-node.js';
import { StubModel } from '../../support/stub-model.js';

describe('EntryNode', () => {
  const enter = (question: string) =>
    new EntryNode('entry').execute(
      { question, results: new Map(), answer: undefined },
      { graph: 'g', model: new StubModel() },
    );

  it('trims white space from a question', async () => {
    expect((await enter('  why? \n')).message.question).to.equal('why?');
  });

  it('rejects a question of white space', async () => {
    const error = await enter(' \t\n').catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(GraphRunError);
    expect(error).to.have.property('message', 'The question is empty; expected a text.');
  });
});

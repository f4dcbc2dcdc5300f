import { expect } from 'chai';
import { tools } from '../../../../lib/executor/graph/tool-node.js';
import { calculator } from '../../../../lib/executor/graph/tools/calculator.js';

describe('calculator', () => {
  it('computes the arithmetic in a question', async () => {
    expect(await calculator.run('What is 2+2?', {})).to.equal('4');
    expect(await calculator.run('What is 12% of 250?', {})).to.equal('30');
  });

  it('finds nothing without arithmetic', async () => {
    expect(await calculator.run('Who wrote Faust?', {})).to.equal(undefined);
  });

  for (const question of ['1/0', '9^9^9^9', 'convert 5 km to kg', 'tan 90 degrees']) {
    it(`finds nothing in ${question}, because it has no value`, async () => {
      expect(await calculator.run(question, {})).to.equal(undefined);
    });
  }

  it('is registered under its name', () => {
    expect(tools.get('calculator')).to.equal(calculator);
  });
});

import { isAbsolute } from 'node:path';
import { expect } from 'chai';
import { ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { defaultGraphFile } from '../../../lib/executor/graph/default-graph.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import { loadGraph } from '../../../lib/executor/graph/load-graph.js';
import { EmbeddedClient } from '../../../lib/executor/models/embedded-client.js';
import { StubModel } from '../../support/stub-model.js';

describe('defaultGraphFile', () => {
  it('is the absolute path of a graph that loads', async () => {
    const file = defaultGraphFile();
    expect(isAbsolute(file)).to.equal(true);
    expect((await loadGraph(file)).name).to.equal('multi_domain');
  });

  const routes: readonly [question: string, route: string][] = [
    ['What is 2+2?', 'math'],
    ['convert 5 km to miles', 'math'],
    ['What is 12% of 250?', 'math'],
    ['square root of 144', 'math'],
    ['2 to the power of 10', 'math'],
    ["what's seven times eight?", 'math'],
    ['15 percent of 80', 'math'],
    ['how many feet are in 3 meters?', 'math'],
    ['100 fahrenheit in celsius', 'math'],
    ['increase 80 by 10%', 'math'],
    ['twenty-three plus nine', 'math'],
    ['half of 90', 'math'],
    ['5 factorial', 'math'],
    ['what is (3 + 4) * 2 / 7', 'math'],
    ['17 mod 5', 'math'],
    ['how many feet in a mile', 'math'],
    ['how many feet in a mile?', 'math'],
    ['how many seconds are in an hour?', 'math'],
    ['how many days in 3 weeks', 'math'],
    ['half of ninety', 'math'],
    ['a third of two hundred', 'math'],
    ['sqrt(16)', 'math'],
    ['log(100)', 'math'],
    ['gcd(4, 6)', 'math'],
    ['median of 1, 2, 3', 'math'],
    ['√16', 'math'],
    ['pi * 2', 'math'],
    ['2 * pi', 'math'],
    ['twice 5', 'math'],
    ['twice 5?', 'math'],
    ['increase 50 by 10%', 'math'],
    ['difference between 10 and 4', 'math'],
    ['What is the difference between 10 and 4.5?', 'math'],
    ['write a python function that sorts a list', 'code'],
    ['What does log(100) return in Python?', 'code'],
    ['Why does console.log(1) print twice in JavaScript?', 'code'],
    ['Why does main() in this Rust program not compile?', 'code'],
    ['Explain SELECT in SQL', 'code'],
    ['Who wrote Faust?', 'general'],
    ['How many people are in a band?', 'general'],
    ['How many days in a row did it rain?', 'general'],
    ['How many days in advance should I book?', 'general'],
    ['How many minutes in a football match?', 'general'],
    ['Half of them left early', 'general'],
    ['Half of two teams stayed', 'general'],
    ['I went there twice 3 years ago', 'general'],
    ['It is twice as good', 'general'],
    ['The median of household incomes rose', 'general'],
    ['What is the difference between a cat and a dog?', 'general'],
    ['What is the difference between 4 and 5 star hotels?', 'general'],
    ['Who made a raspberry pie?', 'general'],
    ['Log in for me (please)', 'general'],
    ['Double 7 rooms, please', 'general'],
    ['Is pi a number?', 'general'],
    ['Tell me a story about a fox', 'general'],
    ['What happened in 1989 in Berlin?', 'general'],
  ];
  for (const [question, route] of routes) {
    it(`routes "${question}" to ${route}`, async () => {
      const router = (await loadGraph(defaultGraphFile())).nodes.get('router');
      const message = { question, results: new Map(), answer: undefined };
      const outcome = await router?.execute(message, { graph: 'g', model: new StubModel() });
      expect(outcome?.route).to.equal(route);
    });
  }

  it('has patterns that handle questions of any length', async () => {
    const router = (await loadGraph(defaultGraphFile())).nodes.get('router');
    const pieces = ['1', ' ', '1 a', 'a ', 'how many ', 'half of two ', 'twice 1', '1,', 'log( ', 'in ', '{ ', 'pi '];
    for (const piece of [...pieces, 'how many feet in a ', 'difference between 1', 'mean of 1']) {
      const question = `${piece}${piece.at(-1)?.repeat(50_000)}${piece.repeat(5000)}`;
      const message = { question, results: new Map(), answer: undefined };
      const outcome = await router?.execute(message, { graph: 'g', model: new StubModel() });
      expect(outcome?.route).to.be.oneOf(['math', 'code', 'general']);
    }
  });

  for (const streaming of [false, true]) {
    it(`answers arithmetic through its calculator with the embedded model, ${streaming ? 'streamed' : 'not streamed'}`, async () => {
      const executor = new GraphExecutor(await loadGraph(defaultGraphFile()), { model: new EmbeddedClient() });
      const pieces: string[] = [];
      const onText = (text: string) => pieces.push(text);
      const result = await executor.execute('What is 2+2?', streaming ? { onText } : {});
      expect(result).to.include({ answer: '4', graph: 'multi_domain', provider: 'embedded' });
      expect(result.trace.map(({ node }) => node)).to.deep.equal(['entry', 'router', 'calculator', 'math', 'exit']);
      expect(result.trace[2]?.note).to.equal('4');
      expect(result.usage.outputTokens).to.be.greaterThan(0);
      expect(pieces.join('')).to.equal(streaming ? '4' : '');
    });
  }

  it('lets the embedded model explain that it cannot answer other questions', async () => {
    const executor = new GraphExecutor(await loadGraph(defaultGraphFile()), { model: new EmbeddedClient() });
    const error = await executor.execute('Who wrote Faust?').catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ModelUnavailableError);
  });
});

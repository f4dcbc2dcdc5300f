import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { graphCheck, graphShow } from '../../../../cli/commands/graph/graph.js';
import { GraphError } from '../../../../lib/executor/errors/graph-errors.js';
import { captureOutput } from '../../../support/captured-output.js';

describe('tinyllm graph show', () => {
  async function show(file: string | undefined): Promise<string> {
    const { output, stdout } = captureOutput();
    await graphShow({ file }, new Lifetime(output));
    return stdout.text;
  }

  it('draws the default graph when none is named', async () => {
    const drawn = await show(undefined);
    expect(drawn)
      .to.match(/^flowchart LR\n/)
      .and.to.match(/[^\n]\n$/);
    expect(drawn).to.contain('router').and.to.contain('-->');
    expect(drawn).to.equal(await show('samples/graphs/multi_domain.yaml'));
  });

  it('throws when there is no such graph', async () => {
    const error = await show('no-such-graph.yaml').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GraphError);
  });
});

const file = 'samples/graphs/multi_domain.yaml';

describe('tinyllm graph check', () => {
  it('says ok, with the counts of nodes and edges', async () => {
    const { output, stdout, stderr } = captureOutput();
    await graphCheck({ file, json: false }, new Lifetime(output));
    expect(stdout.text).to.match(/^ok: samples\/graphs\/multi_domain\.yaml \(multi_domain: \d+ nodes, \d+ edges\)\n$/);
    expect(stderr.text).to.equal('');
  });

  it('says so as an object', async () => {
    const { output, stdout } = captureOutput();
    await graphCheck({ file, json: true }, new Lifetime(output));
    const said = JSON.parse(stdout.text);
    expect(said).to.include({ ok: true, file, graph: 'multi_domain' });
    expect(said.nodes).to.be.above(3);
    expect(said.edges).to.be.above(3);
  });

  it('throws what is wrong with a graph', async () => {
    const { output, stdout } = captureOutput();
    const error = await graphCheck({ file: 'package.json', json: false }, new Lifetime(output)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(GraphError).with.property('file', 'package.json');
    expect(stdout.text).to.equal('');
  });
});

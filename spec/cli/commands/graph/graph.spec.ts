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

  it('draws the default graph without a file', async () => {
    const drawn = await show(undefined);
    expect(drawn)
      .to.match(/^flowchart LR\n/)
      .and.to.match(/[^\n]\n$/);
    expect(drawn).to.contain('router').and.to.contain('-->');
    expect(drawn).to.equal(await show('samples/graphs/multi_domain.yaml'));
  });

  it('throws if the graph does not exist', async () => {
    const error = await show('no-such-graph.yaml').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GraphError);
  });
});

const file = 'samples/graphs/multi_domain.yaml';

describe('tinyllm graph check', () => {
  it('prints ok with the number of nodes and edges', async () => {
    const { output, stdout, stderr } = captureOutput();
    await graphCheck({ file, json: false }, new Lifetime(output));
    expect(stdout.text).to.match(/^ok: samples\/graphs\/multi_domain\.yaml \(multi_domain: \d+ nodes, \d+ edges\)\n$/);
    expect(stderr.text).to.equal('');
  });

  it('prints JSON with --json', async () => {
    const { output, stdout } = captureOutput();
    await graphCheck({ file, json: true }, new Lifetime(output));
    const printed = JSON.parse(stdout.text);
    expect(printed).to.include({ ok: true, file, graph: 'multi_domain' });
    expect(printed.nodes).to.be.above(3);
    expect(printed.edges).to.be.above(3);
  });

  it('throws the error of an invalid graph', async () => {
    const { output, stdout } = captureOutput();
    const error = await graphCheck({ file: 'package.json', json: false }, new Lifetime(output)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(GraphError).with.property('file', 'package.json');
    expect(stdout.text).to.equal('');
  });
});

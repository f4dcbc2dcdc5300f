import { expect } from 'chai';
import { graphShow } from '../../../../cli/commands/graph/graph-show.js';
import { Lifetime } from '../../../../cli/program/lifetime.js';
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

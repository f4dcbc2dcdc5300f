import { expect } from 'chai';
import { simulatedGraph } from '../../../../cli/commands/demo/simulated-graph.js';
import { defaultGraphFile } from '../../../../lib/executor/graph/default-graph.js';
import { loadGraph } from '../../../../lib/executor/graph/load-graph.js';

describe('simulatedGraph', () => {
  it('equals the default graph except for its name and models', async () => {
    const [simulated, real] = await Promise.all([simulatedGraph(), loadGraph(defaultGraphFile())]);
    expect(simulated.name).to.equal(`simulated_${real.name}`);
    expect([...simulated.nodes.keys()]).to.deep.equal([...real.nodes.keys()]);
    expect(simulated.edges).to.deep.equal(real.edges);
    expect(simulated.nodes.get('code')?.modelName).to.equal('large');
    expect(simulated.models?.large?.fallback).to.deep.equal(['default']);
  });
});

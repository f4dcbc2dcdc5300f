import { expect } from 'chai';
import { TrackGraph } from '../../../lib/core/index.js';
import { dialects } from '../../support/dialects.js';
import { freshGraph, scraped } from '../../support/shared-scrape.js';

describe('@TrackGraph without options', () => {
  it('uses the name of the instance for the graph', async () => {
    const method = () => 'answer';
    const decorated = TrackGraph()({}, 'run', { value: method }) as { value: typeof method };
    const graphs = [freshGraph(), freshGraph()];
    for (const id of graphs) decorated.value.call({ id });
    for (const graph of graphs) expect(await scraped('tinyllm_graph_executions_total', { graph })).to.equal(1);
  });
});

for (const dialect of dialects) {
  describe(`@TrackGraph (${dialect.name})`, () => {
    it('counts and measures executions, and counts errors by type and cancellations separately', async () => {
      const graph = freshGraph();
      const workflow = new (dialect.subjects(graph).Workflow)();
      const active = () => scraped('tinyllm_active_graphs', { graph });
      expect(await workflow.execute(active)).to.equal(1);
      for (const failure of [new RangeError('no'), new DOMException('late', 'TimeoutError')]) {
        expect(await workflow.execute(() => Promise.reject(failure)).catch((error: unknown) => error)).to.equal(
          failure,
        );
      }
      await workflow.execute(() => Promise.reject(new DOMException('gone', 'AbortError'))).catch(() => {});
      expect(await active()).to.equal(0);
      expect(await scraped('tinyllm_graph_executions_total', { graph })).to.equal(4);
      expect(await scraped('tinyllm_graph_execution_duration_seconds_count', { graph })).to.equal(4);
      expect(await scraped('tinyllm_graph_cancelled_total', { graph })).to.equal(1);
      for (const error_type of ['RangeError', 'timeout']) {
        expect(await scraped('tinyllm_graph_errors_total', { graph, error_type })).to.equal(1);
      }
    });
  });
}

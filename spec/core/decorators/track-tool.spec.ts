import { expect } from 'chai';
import { getTrackedMethods } from '../../../lib/core/index.js';
import { dialects } from '../../support/dialects.js';
import { freshGraph, scraped } from '../../support/shared-scrape.js';

for (const dialect of dialects) {
  describe(`@TrackTool (${dialect.name})`, () => {
    it('counts and measures calls, and counts errors by type and cancellations separately', async () => {
      const graph = freshGraph();
      const search = new (dialect.subjects(graph).Search)();
      const labels = { tool: 'search', graph };
      const active = () => scraped('tinyllm_active_tools', labels);
      expect(await search.run(active)).to.equal(1);
      const failure = new RangeError('no');
      expect(await search.run(() => Promise.reject(failure)).catch((error: unknown) => error)).to.equal(failure);
      await search.run(() => Promise.reject(new DOMException('gone', 'AbortError'))).catch(() => {});
      expect(await search.run(() => 'bad')).to.equal('bad');
      expect(await active()).to.equal(0);
      expect(await scraped('tinyllm_tool_calls_total', labels)).to.equal(4);
      expect(await scraped('tinyllm_tool_call_duration_seconds_count', labels)).to.equal(4);
      expect(await scraped('tinyllm_tool_cancelled_total', labels)).to.equal(1);
      for (const error_type of ['RangeError', 'string']) {
        expect(await scraped('tinyllm_tool_errors_total', { ...labels, error_type }), error_type).to.equal(1);
      }
    });

    it('uses the name of the instance for the tool', async () => {
      const graph = freshGraph();
      const { Search } = dialect.subjects(graph);
      const tools = [
        [new Search(), 'Search'],
        [Object.assign(new Search(), { name: 'by-name' }), 'by-name'],
        [Object.assign(new Search(), { name: 'by-name', id: 'by-id' }), 'by-id'],
      ] as const;
      for (const [search, tool] of tools) {
        search.named();
        expect(await scraped('tinyllm_tool_calls_total', { tool, graph })).to.equal(1);
      }
    });

    it('is listed with the kind tool', () => {
      const graph = freshGraph();
      const listed = getTrackedMethods(dialect.subjects(graph).Search);
      expect(listed.map(({ kind, method }) => [kind, method])).to.deep.equal([
        ['tool', 'run'],
        ['tool', 'named'],
      ]);
    });
  });
}

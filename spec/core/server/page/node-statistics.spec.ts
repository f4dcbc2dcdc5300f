import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { nodeStatistics } from '../../../../lib/core/server/page/node-statistics.js';
import { parseExposition } from '../../../../lib/core/server/page/parse-exposition.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';

describe('nodeStatistics', () => {
  const { name } = catalog.nodeDuration;
  const samplesOf = (node: string, count: number, sum: number) => {
    const labels = `node="${node}",graph="g"`;
    return [
      `${name}_bucket{${labels},le="1"} ${count / 2}`,
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${count}`,
    ].join('\n');
  };
  const statisticsOf = (...samples: readonly string[]) =>
    nodeStatistics(new Scrape(parseExposition(samples.join('\n'))), 2);

  it('returns the slowest nodes first, up to the limit', () => {
    const statistics = statisticsOf(samplesOf('fast', 10, 1), samplesOf('slow', 2, 8), samplesOf('middling', 4, 8));
    expect(statistics.map(({ node, mean }) => [node, mean])).to.deep.equal([
      ['slow', 4],
      ['middling', 2],
    ]);
  });

  it('counts executions and errors of every type', () => {
    const errors = ['a', 'b'].map((type) => `${catalog.nodeErrors.name}{node="n",graph="g",error_type="${type}"} 2`);
    const [statistics] = statisticsOf(samplesOf('n', 10, 5), ...errors);
    expect(statistics).to.deep.equal({ node: 'n', graph: 'g', executions: 10, errors: 4, mean: 0.5, p95: 1 });
  });

  it('omits nodes without executions', () => {
    expect(statisticsOf(samplesOf('n', 0, 0))).to.deep.equal([]);
  });
});

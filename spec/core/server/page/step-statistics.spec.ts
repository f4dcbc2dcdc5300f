import { expect } from 'chai';
import { histogramValue } from '../../../../lib/core/formats/composite-value.js';
import { parseExposition } from '../../../../lib/core/formats/parse-exposition.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';
import { stepKinds, stepStatistics } from '../../../../lib/core/server/page/step-statistics.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

for (const kind of Object.values(stepKinds)) {
  describe(`stepStatistics of ${kind.label}s`, () => {
    const { name } = kind.duration;
    const samplesOf = (step: string, count: number, sum: number, extra = '') => {
      const labels = `${kind.label}="${step}",graph="g"${extra}`;
      return [
        `${name}_bucket{${labels},le="1"} ${count / 2}`,
        `${name}_bucket{${labels},le="+Inf"} ${count}`,
        `${name}_sum{${labels}} ${sum}`,
        `${name}_count{${labels}} ${count}`,
      ].join('\n');
    };
    const statisticsOf = (...samples: readonly string[]) =>
      stepStatistics(new Scrape(parseExposition(samples.join('\n'))), kind, 2);

    it('returns the slowest first, up to the limit', () => {
      const statistics = statisticsOf(samplesOf('fast', 10, 1), samplesOf('slow', 2, 8), samplesOf('middling', 4, 8));
      expect(statistics.map((one) => [one.name, one.mean])).to.deep.equal([
        ['slow', 4],
        ['middling', 2],
      ]);
    });

    it('counts executions and errors of every type', () => {
      const errors = ['a', 'b'].map(
        (type) => `${kind.errors.name}{${kind.label}="n",graph="g",error_type="${type}"} 2`,
      );
      const [statistics] = statisticsOf(samplesOf('n', 10, 5), ...errors);
      expect(statistics).to.deep.equal({ name: 'n', graph: 'g', executions: 10, errors: 4, mean: 0.5, p95: 1 });
    });

    it('adds up series that differ only in additional labels', () => {
      const statistics = statisticsOf(
        samplesOf('n', 10, 5, ',tenant="a"'),
        samplesOf('n', 30, 5, ',tenant="b"'),
        `${kind.errors.name}{${kind.label}="n",graph="g",error_type="e",tenant="a"} 1`,
        `${kind.errors.name}{${kind.label}="n",graph="g",error_type="e",tenant="b"} 2`,
      );
      expect(statistics).to.deep.equal([{ name: 'n', graph: 'g', executions: 40, errors: 3, mean: 0.25, p95: 1 }]);
    });

    it('estimates p95 from native buckets if the step has them', () => {
      const native = nativeHistogramOf(Array(20).fill(0.00001), 3);
      const infinity = Number.POSITIVE_INFINITY;
      const value = histogramValue({ bounds: [0.01, infinity], counts: [20, 20], sum: 0.0002, native });
      const [statistics] = statisticsOf(`${name}{${kind.label}="n",graph="g"} ${value}`);
      expect(statistics?.executions).to.equal(20);
      expect(statistics?.p95).to.be.closeTo(0.00001, 0.000001);
    });

    it('omits steps without executions', () => {
      expect(statisticsOf(samplesOf('n', 0, 0))).to.deep.equal([]);
    });
  });
}

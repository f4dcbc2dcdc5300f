import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { describeCustomMetric } from '../../../lib/core/metrics/descriptor.js';
import { SegmentWriter } from '../../../lib/core/metrics/segment-writer.js';

describe('EndedRows', () => {
  for (const order of [
    [1, 2],
    [2, 1],
  ]) {
    it(`keep the earliest creation time if the threads end in the order ${order}`, () => {
      const gatherer = new Gatherer();
      gatherer.add(0, new SegmentWriter().memory.segments[0]!.buffer);
      const descriptor = describeCustomMetric({ name: 'calls_total', help: 'Calls.', kind: 'counter' });
      for (const [thread, createdSeconds] of [
        [1, 100],
        [2, 50],
      ] as const) {
        const writer = new SegmentWriter();
        writer.write(descriptor, { labelValues: [], createdSeconds, cells: [1] });
        gatherer.add(thread, writer.memory.segments[0]!.buffer);
      }
      for (const thread of order) {
        gatherer.retire(thread);
        const series = [...gatherer.family('calls_total')!.series];
        expect(series.map((one) => [one.cell(0), one.createdSeconds])).to.deep.equal([[2, 50]]);
      }
    });
  }
});

import { expect } from 'chai';
import { Gatherer } from '../../lib/exposition/gatherer.js';
import { describeMetric } from '../../lib/metrics/descriptor.js';
import { SegmentWriter } from '../../lib/metrics/segment-writer.js';

const descriptor = describeMetric({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });

describe('SegmentWriter', () => {
  it('sets series to what was told last, and begins them anew when that was set back to zero', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.segment.buffer);
    const tell = (node: string, createdSeconds: number, count: number): void =>
      writer.write(descriptor, { labelValues: [node], createdSeconds, cells: [count] });
    const shown = () =>
      [...(gatherer.family('calls_total')?.series ?? [])].map((one) => [
        ...one.labelValues,
        one.createdSeconds,
        one.cell(0),
      ]);
    tell('a', 10, 5);
    tell('b', 20, 1);
    tell('a', 10, 6);
    expect(shown()).to.deep.equal([
      ['a', 10, 6],
      ['b', 20, 1],
    ]);
    tell('a', 30, 2);
    tell('b', 30, 0);
    tell('c', 40, 1);
    expect(shown()).to.deep.equal([
      ['a', 30, 2],
      ['b', 30, 0],
      ['c', 40, 1],
    ]);
  });
});

import { expect } from 'chai';
import { ChangedSeries } from '../../lib/exposition/changed-series.js';
import { threadSegments } from '../../lib/exposition/thread-segments.js';
import { Meter } from '../../lib/metrics/meter.js';
import { registry, SharedRegistry } from '../../lib/metrics/shared-registry.js';

describe('ChangedSeries', () => {
  /** A thread that does something; it has no number that a thread of this process has. */
  const startThread = (number: number, name: string) => {
    const meter = new Meter(new SharedRegistry());
    const active = meter.create({ name, kind: 'gauge', help: 'Active.', labels: ['node'] }).series('a');
    active.inc();
    threadSegments().add(number, meter.segment.buffer);
    return { active, end: () => threadSegments().retire(number) };
  };
  const cellsOf = (changed: ChangedSeries, name: string, all = false) =>
    changed
      .take({ all })
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ series }) => series.map(({ cells }) => cells));

  it('are told once, and again when they are others', () => {
    const changed = new ChangedSeries(registry);
    const thread = startThread(-1_001, 'told_once');
    expect(cellsOf(changed, 'told_once')).to.deep.equal([[1]]);
    expect(cellsOf(changed, 'told_once')).to.deep.equal([]);
    expect(cellsOf(changed, 'told_once', true)).to.deep.equal([[1]]);
    thread.active.set(Number.POSITIVE_INFINITY);
    expect(cellsOf(changed, 'told_once')).to.deep.equal([['Infinity']]);
    thread.end();
    expect(cellsOf(changed, 'told_once')).to.deep.equal([[0]]);
    expect(cellsOf(changed, 'told_once')).to.deep.equal([]);
  });

  it("end with what is there, where a thread has taken an ended one's place", () => {
    const changed = new ChangedSeries(registry);
    const thread = startThread(-1_002, 'taken_place');
    expect(cellsOf(changed, 'taken_place')).to.deep.equal([[1]]);
    thread.end();
    const other = startThread(-1_003, 'taken_place');
    expect(cellsOf(changed, 'taken_place').at(-1)).to.deep.equal([1]);
    expect(cellsOf(changed, 'taken_place', true)).to.deep.equal([[1]]);
    other.end();
  });
});

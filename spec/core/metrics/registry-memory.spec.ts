import { expect } from 'chai';
import { RegistryMemory, type SegmentOwner } from '../../../lib/core/metrics/registry-memory.js';
import { SegmentChain } from '../../../lib/core/metrics/segment-chain.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';

describe('RegistryMemory', () => {
  const createOwner = (options: Partial<SegmentOwner> = {}) => ({
    memory: new SegmentChain({ maxSegmentBytes: 2 ** 20 }),
    beforeRead: () => {},
    ...options,
  });
  const memoriesOf = (memory: RegistryMemory) => {
    const memories: SegmentChain[] = [];
    memory.follow((one, position) => {
      memories[position] = one;
    });
    return memories;
  };
  const records = ({ memory }: Pick<SegmentOwner, 'memory'>) => [
    ...new SegmentReader(memory.segments[0]!.buffer).newRecords(),
  ];

  it('has memory of its own for custom metrics if there is no owner', () => {
    const memory = new RegistryMemory();
    const own = memory.forCustomMetrics();
    expect(memory.forCustomMetrics()).to.equal(own);
    expect(memoriesOf(memory)).to.deep.equal([own]);
    expect(memory.maxSeriesPerMetric).to.equal(1_000);
    expect(() => memory.countOverflow('a')).not.to.throw();
  });

  it('has the limit of the first owner, which counts overflows and has the custom metrics', () => {
    const memory = new RegistryMemory();
    const counted: string[] = [];
    const first = createOwner({ maxSeriesPerMetric: 7, overflowed: (metric) => counted.push(metric) });
    memory.attach(first);
    memory.attach(createOwner({ maxSeriesPerMetric: 9 }));
    memory.countOverflow('a');
    expect(counted).to.deep.equal(['a']);
    expect(memory.maxSeriesPerMetric).to.equal(7);
    expect(memory.forCustomMetrics()).to.equal(first.memory);
  });

  it('prepares all owners for a read', () => {
    const memory = new RegistryMemory();
    const prepared: number[] = [];
    const owners = [1, 2].map((number) => createOwner({ beforeRead: () => prepared.push(number) }));
    for (const owner of owners) memory.attach(owner);
    expect(memoriesOf(memory)).to.deep.equal(owners.map((owner) => owner.memory));
    expect(prepared).to.deep.equal([1, 2]);
  });

  it('publishes its states to all owners, also to later ones', () => {
    const memory = new RegistryMemory();
    const [early, late] = [createOwner(), createOwner()];
    memory.attach(early);
    memory.needsThread = true;
    memory.needsThread = true;
    memory.setLabels({ given: { zone: 'a' } });
    memory.attach(late);
    const present = { type: 'foreign', present: true };
    const defaults = { type: 'default-labels', labels: { zone: 'a' } };
    expect(records(early)).to.deep.equal([{ type: 'foreign', present: false }, present, defaults]);
    expect(records(late)).to.deep.equal([present, defaults]);
  });
});

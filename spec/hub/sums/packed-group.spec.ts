import { expect } from 'chai';
import { readGrouping } from '../../../lib/hub/pushes/grouping-key.js';
import { readPush } from '../../../lib/hub/pushes/read-push.js';
import { packGroup, unpackGroup } from '../../../lib/hub/sums/packed-group.js';
import { lastValues, Pusher } from '../../../lib/hub/sums/pusher.js';

function groupOf(text: string): Pusher {
  const group = new Pusher(readGrouping('/metrics/job/j/instance/a%22b'));
  group.isLive = false;
  group.times = { pushedAt: 5, pushedWall: 7, processStart: undefined };
  for (const family of readPush(text)) {
    group.families.set(family.name, lastValues(family.name, family));
    group.size += family.series.size;
  }
  return group;
}

describe('packGroup', () => {
  it('stores the values for counting the next push in a few hundred bytes', () => {
    const series = Array.from({ length: 20 }, (_, index) => `a_total{z="${index}",b="x\\n"} ${index / 3}\n`).join('');
    const histogram = '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n';
    const group = groupOf(`# TYPE a_total counter\n${series}${histogram}# TYPE h_created gauge\nh_created 17.5\n`);
    const packed = packGroup(group) ?? Buffer.alloc(1_000);
    expect(packed.length).to.be.lessThan(600);
    expect(unpackGroup(packed)).to.deep.equal(group);
  });

  it('does not pack pushers with many series', () => {
    const series = Array.from({ length: 2_001 }, (_, index) => `a_total{n="${index}"} 1\n`).join('');
    expect(packGroup(groupOf(`# TYPE a_total counter\n${series}`))).to.equal(undefined);
  });

  it('drops an invalid start time', () => {
    const group = groupOf('# TYPE a_total counter\na_total 1\n');
    group.times = { ...group.times, processStart: Number.NaN };
    const packed = packGroup(group);
    expect(packed && unpackGroup(packed).times).to.deep.equal({ pushedAt: 5, pushedWall: 7, processStart: undefined });
  });
});

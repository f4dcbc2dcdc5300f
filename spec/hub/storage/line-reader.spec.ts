import { expect } from 'chai';
import { LineReader } from '../../../lib/hub/storage/line-reader.js';
import { HubStore } from '../../../lib/hub/sums/hub-store.js';
import type { LastValues } from '../../../lib/hub/sums/pusher.js';

const group = JSON.stringify({ group: [['job', 'x']], at: 1, wall: 1, start: null });

function kept(from: number, more: boolean): string {
  const of = Array.from({ length: 500 }, (_, index) => [`n="${from + index}"`, [1]]);
  return JSON.stringify({ kept: 'g', type: 'gauge', bounds: [], of, ...(more ? { more } : {}) });
}

describe('LineReader', () => {
  it('adds the series of another line in place', () => {
    const store = new HubStore();
    const reader = new LineReader(store);
    reader.read(group);
    const maps = new Set<LastValues['series'] | undefined>();
    for (let line = 0; line < 40; line += 1) {
      reader.read(kept(line * 500, line > 0));
      const [one] = store.groups.values();
      maps.add(one?.families.get('g')?.series);
    }
    expect(maps.size).to.equal(1);
    expect(store.series).to.equal(20_000);
    const [one] = store.groups.values();
    expect(one?.size).to.equal(20_000);
  });

  it('counts a series in two lines once', () => {
    const store = new HubStore();
    const reader = new LineReader(store);
    for (const line of [group, kept(0, false)]) reader.read(line);
    const { bytes } = store;
    reader.read(kept(0, true));
    expect(store).to.include({ series: 500, bytes });
    expect([...store.groups.values()][0]?.families.get('g')?.bytes).to.be.lessThan(bytes);
  });

  it('reads series with and without native buckets and keys', () => {
    const store = new HubStore();
    const reader = new LineReader(store);
    const native = [3, 0.5, 2, [-1, 1, 4, 1], [1, 2]];
    reader.read(JSON.stringify({ family: 'h', type: 'histogram', help: '', bounds: [1], agreed: 1 }));
    const totals = [
      ['a="1"', 17, [1, 2, 3]],
      ['b="1",a="2"', 17, [1, 2, 3], 'a="2",b="1"'],
      ['a="3"', 17, [1, 4, 3], null, native],
      ['b="1",a="4"', 17, [1, 5, 3], 'a="4",b="1"', [...native, [6, 1], [1]]],
    ];
    reader.read(JSON.stringify({ totals: 'h', of: totals }));
    const shown = [...store.families.get('h')!.totals].map(([key, total]) => [key, total.native?.negative.indexes]);
    expect(shown).to.deep.equal([
      ['a="1"', undefined],
      ['a="2",b="1"', undefined],
      ['a="3"', []],
      ['a="4",b="1"', [6]],
    ]);
  });
});

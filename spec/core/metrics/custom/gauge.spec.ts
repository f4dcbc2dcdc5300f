import { expect } from 'chai';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import {
  createMetric,
  errorOf,
  expectSameAsPromClient,
  type Options,
  type Script,
} from '../../../support/custom-metrics/compare-metrics.js';

const labelNames = ['queue', 'zone'];
const values = [0, -0, 1.5, -2, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE];
const noNumbers = [null, '', '5', 'a', {}, [1], true, 5n];

/** Calls that have the same results in both packages, with their titles. */
const scripts: readonly (readonly [title: string, options: Options, script: Script<'Gauge'>])[] = [
  ['a gauge without labels that was never set', {}, () => {}],
  ['a gauge with labels that was never set', { labelNames, aggregator: 'max' }, () => {}],
  [
    'numbers of all kinds',
    { labelNames },
    (gauge) => {
      for (const [index, value] of values.entries()) {
        gauge.set({ queue: `set ${index}` }, value);
        gauge.inc({ queue: `inc ${index}` }, value);
        gauge.dec({ queue: `dec ${index}` }, value);
        gauge.labels(`${index}`, 'set').set(value);
        gauge.labels(`${index}`, 'inc').inc(value);
        gauge.labels(`${index}`, 'dec').dec(value);
      }
    },
  ],
  [
    'increments and decrements without a value',
    { labelNames },
    (gauge) => {
      gauge.inc();
      gauge.inc({ queue: 'a' });
      gauge.dec({ zone: 'a' });
      gauge.dec({ queue: 'a', zone: 'b' }, undefined);
      for (const bound of [gauge.labels('b', 'c'), gauge.labels({ queue: 'b', zone: 'c' })]) bound.inc();
      gauge.labels({ zone: 'd' }).dec();
    },
  ],
  [
    'calls without labels',
    {},
    (gauge) => {
      gauge.set(5);
      gauge.inc(2);
      gauge.dec(0.5);
      gauge.labels().inc();
    },
  ],
  [
    'values that are no numbers',
    { labelNames },
    (gauge, attempt) => {
      for (const value of [...noNumbers, undefined] as never[]) {
        attempt(() => gauge.set({ queue: 'a' }, value));
        attempt(() => gauge.labels('a', 'b').set(value));
        if (typeof value !== 'object') attempt(() => gauge.set(value));
      }
      for (const value of noNumbers as never[]) {
        attempt(() => gauge.inc({ queue: 'a' }, value));
        attempt(() => gauge.labels('a', 'b').inc(value));
        if (typeof value !== 'object') attempt(() => gauge.inc(value));
      }
      attempt(() => gauge.set(null as never));
      attempt(() => gauge.inc(null as never));
    },
  ],
  [
    'missing labels and labels that are numbers',
    { labelNames },
    (gauge) => {
      gauge.set({ queue: 7 }, 1);
      gauge.inc({ queue: 7 }, 2);
      gauge.set({ zone: '' }, 3);
      gauge.set({}, 4);
      gauge.inc(5);
      gauge.labels({ queue: 8, zone: 9 }).set(6);
      gauge.labels('8', '9').inc(7);
    },
  ],
  [
    'unknown labels and wrong numbers of values',
    { labelNames },
    (gauge, attempt) => {
      const unknown = { path: '/' };
      attempt(() => gauge.set(unknown, 1));
      attempt(() => gauge.inc(unknown));
      attempt(() => gauge.dec(unknown, 1));
      attempt(() => gauge.setToCurrentTime(unknown));
      attempt(() => gauge.startTimer(unknown)());
      attempt(() => gauge.startTimer({ queue: 'a' })(unknown));
      attempt(() => gauge.labels(unknown));
      attempt(() => gauge.remove(unknown));
      attempt(() => gauge.labels('a'));
      attempt(() => gauge.remove('a', 'b', 'c'));
      attempt(() => gauge.set(unknown, 'a' as never));
    },
  ],
  [
    'removals and resets',
    { labelNames },
    (gauge) => {
      for (const queue of ['a', 'b', 'c']) gauge.set({ queue, zone: 'z' }, 1);
      gauge.remove('b', 'z');
      gauge.remove({ queue: 'c' });
      gauge.remove({ queue: 'a', zone: 'z' });
      gauge.dec({ queue: 'a', zone: 'z' }, 3);
    },
  ],
  [
    'a reset with labels',
    { labelNames },
    (gauge) => {
      gauge.set({ queue: 'a' }, 1);
      gauge.reset();
    },
  ],
  [
    'a reset without labels',
    {},
    (gauge) => {
      gauge.set(3);
      gauge.reset();
    },
  ],
  [
    'a removal without labels, and a later reset',
    {},
    async (gauge, attempt) => {
      gauge.set(3);
      gauge.remove();
      expect((await gauge.get()).values).to.deep.equal([]);
      attempt(() => gauge.reset());
    },
  ],
  [
    '`collect`',
    {
      labelNames,
      async collect(this: Gauge) {
        await new Promise(setImmediate);
        this.set({ queue: 'a' }, 3);
      },
    },
    () => {},
  ],
];

describe('Gauge', () => {
  describe('equals the gauge of prom-client', () => {
    for (const [title, options, script] of scripts) {
      it(`with ${title}`, () => expectSameAsPromClient('Gauge', options, script));
    }
  });

  it('rejects decrements that prom-client converts to numbers', () => {
    const gauge = createMetric('Gauge', { labelNames });
    for (const value of [null, '', '5', true] as never[]) {
      const error = `TypeError: Delta is not a valid number: ${value}`;
      expect(errorOf(() => gauge.dec(value))).to.equal(error);
      expect(errorOf(() => gauge.dec({ queue: 'a' }, value))).to.equal(error);
      expect(errorOf(() => gauge.labels('a', 'b').dec(value))).to.equal(error);
    }
  });

  it('sets the current time in seconds', async () => {
    const gauge = createMetric('Gauge', { labelNames: ['queue'] });
    const before = Date.now() / 1_000;
    gauge.setToCurrentTime();
    gauge.setToCurrentTime({ queue: 'a' });
    gauge.labels('b').setToCurrentTime();
    const { values } = await gauge.get();
    expect(values.map(({ labels }) => labels)).to.deep.equal([{}, { queue: 'a' }, { queue: 'b' }]);
    for (const { value } of values) expect(value).to.be.within(before, Date.now() / 1_000);
  });

  it('is set to the seconds of a timer, with the labels of its start and end', async () => {
    const gauge = createMetric('Gauge', { labelNames });
    const results = [
      gauge.startTimer()(),
      gauge.startTimer({ queue: 'a' })(),
      gauge.startTimer({ queue: 'a' })({ queue: 'b', zone: 'c' }),
      gauge.labels('d', 'e').startTimer()(),
      gauge.labels({ queue: 'd' }).startTimer()({ zone: 'f' }),
    ];
    const { values } = await gauge.get();
    expect(values).to.deep.equal([
      { labels: {}, value: results[0] },
      { labels: { queue: 'a' }, value: results[1] },
      { labels: { queue: 'b', zone: 'c' }, value: results[2] },
      { labels: { queue: 'd', zone: 'e' }, value: results[3] },
      { labels: { queue: 'd', zone: 'f' }, value: results[4] },
    ]);
    for (const seconds of results) expect(seconds).to.be.at.least(0);
  });

  it('returns the labels as they were first passed, not as in the last call', async () => {
    const gauge = createMetric('Gauge', { labelNames: ['queue'] });
    const labels = { queue: 7 };
    gauge.set(labels, 1);
    labels.queue = 8;
    gauge.set({ queue: '7' }, 2);
    const { values } = await gauge.get();
    expect(values).to.deep.equal([{ labels: { queue: 7 }, value: 2 }]);
    values[0]!.labels.queue = 9;
    expect((await gauge.get()).values).to.deep.equal([{ labels: { queue: 7 }, value: 2 }]);
  });

  it('calls the method `collect` of a subclass', async () => {
    class Level extends Gauge {}
    Object.defineProperty(Level.prototype, 'collect', {
      value(this: Gauge) {
        this.set(4);
      },
    });
    const level = new Level({ name: 'level', help: 'Level.', registers: [] });
    expect((await level.get()).values).to.deep.equal([{ labels: {}, value: 4 }]);
  });
});

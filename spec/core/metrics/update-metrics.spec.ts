import { expect } from 'chai';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { updateMetrics } from '../../../lib/core/metrics/update-metrics.js';
import { ReusingRegistry } from '../../support/custom-metrics/reusing-registry.js';

describe('updateMetrics', () => {
  const setUp = () => {
    const own = new ReusingRegistry();
    const registers = [own.registry];
    const errors: number[] = [];
    own.registry.onForeignErrors((count) => errors.push(count));
    const create = (name: string, collect?: (this: Gauge) => void | Promise<void>) =>
      new Gauge({ name, help: 'Help.', registers, collect });
    return { own, errors, create };
  };

  it('calls `collect` with the metric, and waits for promises', async () => {
    const { own, errors, create } = setUp();
    create('direct', function () {
      this.set(1);
    });
    create('late', async function () {
      await new Promise(setImmediate);
      this.set(2);
    });
    create('assigned').collect = function (this: Gauge) {
      this.set(3);
    };
    create('without');
    await updateMetrics(own.registry);
    expect(own.samples).to.deep.equal({ direct: 1, late: 2, assigned: 3, without: 0 });
    expect(errors).to.deep.equal([]);
  });

  it('keeps the last values of metrics that fail or take too long, and counts these metrics', async () => {
    const { own, errors, create } = setUp();
    const work = [
      () => {
        throw new Error('no');
      },
      () => Promise.reject(new Error('no')),
      () => new Promise<void>(() => {}),
      () => {
        throw undefined;
      },
    ];
    for (const [index, collect] of work.entries()) create(`failing_${index}`, collect).set(7);
    create('valid', function () {
      this.set(1);
    });
    await updateMetrics(own.registry, { milliseconds: 5 });
    expect(Object.values(own.samples)).to.deep.equal([7, 7, 7, 7, 1]);
    expect(errors).to.deep.equal([4]);
  });

  it('updates a metric for each registry that contains it', async () => {
    const [one, other] = [new SharedRegistry(), new SharedRegistry()];
    const collect = function (this: Counter) {
      this.inc();
    };
    const counter = new Counter({ name: 'calls_total', help: 'Calls.', registers: [one, other], collect });
    for (const registry of [one, other, new SharedRegistry()]) await updateMetrics(registry);
    counter.collect = undefined;
    await updateMetrics(one);
    expect((await counter.get()).values).to.deep.equal([{ labels: {}, value: 2 }]);
  });
});

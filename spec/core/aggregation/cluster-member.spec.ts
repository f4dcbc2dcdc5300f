import type { Worker } from 'node:cluster';
import { expect } from 'chai';
import { ChangedSeries } from '../../../lib/core/aggregation/changed-series.js';
import { ClusterMember } from '../../../lib/core/aggregation/cluster-member.js';
import { followRegistry, unfollowRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { createMetric } from '../../support/custom-metrics/compare-metrics.js';
import { endOfTurn } from '../../support/custom-metrics/end-of-turn.js';
import { ReusingRegistry, samplesOf } from '../../support/custom-metrics/reusing-registry.js';

describe('ClusterMember', () => {
  const gatherer = new Gatherer();
  let workers = 70_000;
  before(() => followRegistry(registry, gatherer));
  after(() => unfollowRegistry(gatherer));

  /** A worker whose metrics are in a registry of this thread. */
  const start = () => {
    const own = new ReusingRegistry();
    const changed = new ChangedSeries(own.registry);
    const sent: object[] = [];
    const worker = { id: workers++, isConnected: () => true, send: (message: object) => sent.push(message) };
    const member = new ClusterMember(worker as unknown as Worker);
    member.onMessage({ tinyllm: 'ready' });
    const report = () => member.onMessage({ tinyllm: 'snapshot', families: changed.take({ all: false }) });
    return { own, member, sent, report };
  };
  const samples = () =>
    Object.fromEntries(Object.entries(samplesOf(gatherer)).filter(([key]) => key.startsWith('member_')));

  it('has the reported series of its worker, without the removed ones', async () => {
    const { own, member, report } = start();
    const options = { labelNames: ['node'] };
    const counter = createMetric('Counter', { ...options, name: 'member_calls_total' }, own.registry);
    const level = createMetric('Gauge', { ...options, name: 'member_level' }, own.registry);
    for (const node of ['a', 'b']) counter.inc({ node });
    level.set({ node: 'a' }, Number.NaN);
    report();
    expect(samples()).to.deep.equal({
      'member_calls_total,node="a"': 1,
      'member_calls_total,node="b"': 1,
      'member_level,node="a"': Number.NaN,
    });
    counter.remove('a');
    counter.inc({ node: 'b' }, 2);
    own.registry.removeSingleMetric('member_level');
    report();
    expect(samples()).to.deep.equal({ 'member_calls_total,node="b"': 3 });
    counter.inc({ node: 'a' }, 5);
    report();
    expect(samples()).to.deep.equal({ 'member_calls_total,node="a"': 5, 'member_calls_total,node="b"': 3 });
    counter.reset();
    await endOfTurn();
    report();
    expect(samples()).to.deep.equal({});
    member.retire();
  });

  it('keeps the counts of a worker that has ended, but not its gauges', () => {
    const { own, member, report } = start();
    createMetric('Counter', { name: 'member_ended_total' }, own.registry).inc(2);
    createMetric('Gauge', { name: 'member_ended_level' }, own.registry).set(2);
    report();
    member.retire();
    expect(samples()).to.deep.equal({ member_ended_total: 2 });
  });

  it('ignores a series with the wrong number of cells', () => {
    const { own, member } = start();
    const { descriptor } = createMetric('Gauge', { name: 'member_wrong' }, own.registry) as never;
    const series = [{ labelValues: [], createdSeconds: 1, cells: [1, 2] }];
    const before = samples();
    member.onMessage({ tinyllm: 'snapshot', families: [{ descriptor, series }] });
    expect(samples()).to.deep.equal(before);
    member.retire();
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { followRegistry, unfollowRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import type { GatheredSeries } from '../../../lib/core/aggregation/gathered-series.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { threadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { createMetric } from '../../support/custom-metrics/compare-metrics.js';
import { endOfTurn } from '../../support/custom-metrics/end-of-turn.js';
import { anyStep, MetricDriver } from '../../support/custom-metrics/metric-driver.js';
import { type Kind, sumOf } from '../../support/custom-metrics/metric-model.js';
import { ReplayedWorker } from '../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry, samplesOf } from '../../support/custom-metrics/reusing-registry.js';

const THREADS = 3;
const kinds = ['Counter', 'Gauge', 'Histogram'] as const;
const anyEvent = fc.oneof(
  { weight: 20, arbitrary: fc.record({ thread: fc.nat(THREADS - 1), step: anyStep({ relabels: false }) }) },
  { weight: 1, arbitrary: fc.record({ ends: fc.nat(THREADS - 1) }) },
  { weight: 3, arbitrary: fc.constant('read' as const) },
);
type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer Event> ? Event : never;

function isCall(event: AnyEvent): boolean {
  return typeof event === 'object' && 'step' in event;
}

/** Notified of the segments of simulated threads. */
interface Follower {
  add(thread: number, buffer: SharedArrayBuffer, index: number): void;
  retire(thread: number): void;
}

/** Threads with the same metric, and the sum of their models. */
class Threads {
  readonly #live = new Map<number, { readonly number: number; readonly driver: MetricDriver }>();
  readonly #ended: Record<string, number>[] = [];

  constructor(
    private readonly follower: Follower,
    private readonly facts: { readonly kind: Kind; readonly name: string; readonly newNumber: () => number },
  ) {
    this.at(0);
  }

  /** The metric of a thread. Starts the thread if it does not run. */
  at(thread: number): MetricDriver {
    const { kind, name, newNumber } = this.facts;
    let live = this.#live.get(thread);
    if (live === undefined) {
      const own = new ReusingRegistry();
      const number = newNumber();
      own.memory.follow(({ buffer }, index) => this.follower.add(number, buffer, index));
      live = { number, driver: new MetricDriver(kind, own.registry, name) };
      this.#live.set(thread, live);
    }
    return live.driver;
  }

  end(thread: number): void {
    const live = this.#live.get(thread);
    if (live === undefined) return;
    this.#live.delete(thread);
    this.follower.retire(live.number);
    if (this.facts.kind !== 'Gauge') this.#ended.push(live.driver.model.samples);
  }

  get samples(): Record<string, number> {
    return sumOf([...this.#ended, ...[...this.#live.values()].map(({ driver }) => driver.model.samples)]);
  }
}

describe('FamilyRows, with custom metrics of several threads', function () {
  this.timeout(60_000);

  for (const kind of kinds) {
    it(`sum a model of a ${kind.toLowerCase()} for any order of calls, removals and ends`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvent, { maxLength: 100, size: 'max' }), async (events) => {
          const gatherer = new Gatherer();
          let count = 0;
          const threads = new Threads(gatherer, { kind, name: 'metric', newNumber: () => count++ });
          for (const event of events) {
            if (!isCall(event)) await endOfTurn();
            if (event === 'read') expect(samplesOf(gatherer)).to.deep.equal(threads.samples);
            else if ('ends' in event) {
              // The first thread is the main thread, which never ends.
              if (event.ends > 0) threads.end(event.ends);
            } else threads.at(event.thread).apply(event.step);
          }
          await endOfTurn();
          expect(samplesOf(gatherer)).to.deep.equal(threads.samples);
        }),
        { numRuns: 150 },
      );
    });
  }

  let runs = 0;
  let lastThread = 910_000;
  for (const kind of kinds) {
    it(`sum a model of a ${kind.toLowerCase()} in the primary of a cluster, and in a server that starts later`, async () => {
      const primary = new ReplayedWorker(registry);
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvent, { maxLength: 60, size: 'max' }), async (events) => {
          const name = `threads_${kind.toLowerCase()}_${runs++}`;
          const threads = new Threads(threadSegments(), { kind, name, newNumber: () => lastThread++ });
          const select = (samples: Record<string, number>) =>
            Object.fromEntries(Object.entries(samples).filter(([key]) => key.startsWith(name)));
          const expectEqual = () => {
            primary.report();
            expect(select(primary.samples)).to.deep.equal(select(threads.samples));
          };
          for (const event of events) {
            if (!isCall(event)) await endOfTurn();
            if (event === 'read') expectEqual();
            else if ('ends' in event) threads.end(event.ends);
            else threads.at(event.thread).apply(event.step);
          }
          await endOfTurn();
          expectEqual();
          const later = new Gatherer();
          followRegistry(registry, later);
          expect(select(samplesOf(later))).to.deep.equal(select(threads.samples));
          unfollowRegistry(later);
          for (let thread = 0; thread < THREADS; thread++) threads.end(thread);
        }),
        { numRuns: 40 },
      );
    });
  }
});

describe('FamilyRows, with many removed series', () => {
  const setUp = () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', { labelNames: ['node'], enableExemplars: true }, own.registry);
    const nodes = Array.from({ length: 300 }, (_, index) => `${index}`);
    for (const node of nodes) counter.inc({ labels: { node }, exemplarLabels: { node } });
    const family = own.gatherer.family('counter')!;
    const keep = (node: string) => Number(node) % 5 === 0;
    const removeMost = () => {
      for (const node of nodes) if (!keep(node)) counter.remove({ node });
      own.gatherer.families();
      // The next read removes the empty rows.
      own.gatherer.families();
    };
    return { own, counter, nodes, family, kept: nodes.filter(keep), removeMost };
  };
  const labelOf = ({ labelValues }: GatheredSeries) => labelValues[0]!;

  it('keep the exemplars of the other series after empty rows were removed', () => {
    const { counter, family, kept, removeMost, own } = setUp();
    removeMost();
    counter.inc({ labels: { node: 'new' }, exemplarLabels: { node: 'new' } });
    own.gatherer.families();
    const read = [...family.series].map((series) => [labelOf(series), series.exemplar(0)?.labels.node]);
    expect(read).to.deep.equal([...kept, 'new'].map((node) => [node, node]));
  });

  it('return each series once to a slow reader', () => {
    const { family, nodes, kept, removeMost } = setUp();
    const reading = family.series[Symbol.iterator]();
    const read = Array.from({ length: 101 }, () => labelOf(reading.next().value!));
    removeMost();
    for (let next = reading.next(); !next.done; next = reading.next()) read.push(labelOf(next.value));
    const later = nodes.slice(101);
    // The removed series follow, with their last values.
    expect(read.slice(101)).to.deep.equal([
      ...later.filter((node) => kept.includes(node)),
      ...later.filter((node) => !kept.includes(node)),
    ]);
  });

  it('return no series twice to a slow reader if all series are replaced', async () => {
    const { own, counter, family, nodes } = setUp();
    const reading = family.series[Symbol.iterator]();
    for (let count = 0; count < 100; count++) reading.next();
    counter.reset();
    await endOfTurn();
    const replacing = [...nodes.slice(0, 10), ...nodes.slice(-10), 'new'];
    for (const node of replacing) counter.inc({ labels: { node } });
    own.gatherer.families();
    const rest: string[] = [];
    for (let next = reading.next(); !next.done; next = reading.next()) rest.push(labelOf(next.value));
    expect(rest).to.deep.equal(nodes.slice(100));
    expect([...family.series].map(labelOf)).to.deep.equal(replacing);
  });

  it('use the rows of other threads only while these have the series', () => {
    const [gatherer, threads] = [new Gatherer(), [new ReusingRegistry(), new ReusingRegistry()]];
    const gauges = threads.map(({ memory, registry: registers }, thread) => {
      memory.follow(({ buffer }, index) => gatherer.add(thread, buffer, index));
      return createMetric('Gauge', { labelNames: ['node'], aggregator: 'average' }, registers);
    });
    gauges[0]!.set({ node: 'a' }, 2);
    gauges[1]!.set({ node: 'a' }, 4);
    expect(samplesOf(gatherer)).to.deep.equal({ 'gauge,node="a"': 3 });
    gauges[0]!.remove('a');
    expect(samplesOf(gatherer)).to.deep.equal({ 'gauge,node="a"': 4 });
    gauges[1]!.remove('a');
    expect(samplesOf(gatherer)).to.deep.equal({});
    gauges[1]!.set({ node: 'a' }, 6);
    gauges[0]!.set({ node: 'a' }, 8);
    expect(samplesOf(gatherer)).to.deep.equal({ 'gauge,node="a"': 7 });
    gatherer.retire(1);
    expect(samplesOf(gatherer)).to.deep.equal({ 'gauge,node="a"': 8 });
  });
});

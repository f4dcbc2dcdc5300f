import { expect } from 'chai';
import fc from 'fast-check';
import { followRegistry, unfollowRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { threadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
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

/** Readers see the removals of a reset at the end of the current turn of the event loop. */
const resetsAreVisible = () => Promise.resolve();

describe('FamilyRows, with custom metrics of several threads', function () {
  this.timeout(60_000);

  for (const kind of kinds) {
    it(`sum a model of a ${kind.toLowerCase()} for any order of calls, removals and ends`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(anyEvent, { maxLength: 100, size: 'max' }), async (events) => {
          const gatherer = new Gatherer();
          let count = 0;
          const threads = new Threads(gatherer, { kind, name: 'metric', newNumber: () => count++ });
          for (const event of events) {
            await resetsAreVisible();
            if (event === 'read') expect(samplesOf(gatherer)).to.deep.equal(threads.samples);
            else if ('ends' in event) {
              // The first thread is the main thread, which never ends.
              if (event.ends > 0) threads.end(event.ends);
            } else threads.at(event.thread).apply(event.step);
          }
          await resetsAreVisible();
          expect(samplesOf(gatherer)).to.deep.equal(threads.samples);
        }),
        { numRuns: 150 },
      ));
  }

  let runs = 0;
  let lastThread = 910_000;
  for (const kind of kinds) {
    it(`sum a model of a ${kind.toLowerCase()} in the primary of a cluster, and in a server that starts later`, () => {
      const primary = new ReplayedWorker(registry);
      return fc.assert(
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
            await resetsAreVisible();
            if (event === 'read') expectEqual();
            else if ('ends' in event) threads.end(event.ends);
            else threads.at(event.thread).apply(event.step);
          }
          await resetsAreVisible();
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

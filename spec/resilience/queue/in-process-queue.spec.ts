import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import {
  QueueClosedError,
  QueueConfigurationError,
  QueueFullError,
} from '../../../lib/resilience/errors/queue-errors.js';
import { InProcessQueue, type InProcessQueueOptions } from '../../../lib/resilience/queue/in-process-queue.js';
import type { AddOptions } from '../../../lib/resilience/queue/job-queue.js';
import { priorities } from '../../../lib/resilience/queue/priority.js';
import { sampleValue } from '../../support/parse-text.js';

/** A job whose end the spec decides. */
interface HeldJob {
  readonly ended: Promise<unknown>;
  /** What the job was given when it started. */
  readonly signal: AbortSignal | undefined;
  readonly starts: number;
  finish(): void;
  fail(error: Error): void;
}

describe('InProcessQueue', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  let seconds: number;

  const forget = (): void => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
    seconds = 0;
  };
  beforeEach(forget);

  const queueOf = (options: InProcessQueueOptions = {}): Promise<InProcessQueue<string>> =>
    InProcessQueue.open({ collector, clock: () => seconds, ...options });

  const value = async (sample: string, labels: Readonly<Record<string, string>> = {}) =>
    sampleValue(await registry.metrics(), `tinyllm_queue_${sample}`, labels);

  const sizes = () => Promise.all(priorities.map((priority) => value('size', { priority })));

  /** Puts a job into a queue that runs until it is told to end; what it ends with is told as a word. */
  function hold(queue: InProcessQueue<string>, options: AddOptions = {}): HeldJob {
    let settle: { resolve(answer: string): void; reject(error: unknown): void } | undefined;
    let given: AbortSignal | undefined;
    let starts = 0;
    const ended = queue.add((signal) => {
      given = signal;
      starts++;
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }, options);
    return {
      get signal() {
        return given;
      },
      get starts() {
        return starts;
      },
      finish: () => settle?.resolve('done'),
      fail: (error) => settle?.reject(error),
      ended: ended.catch((error: unknown) => error),
    };
  }

  it('runs a job at once when a worker is free, and gives its result', async () => {
    expect(await (await queueOf()).add(() => 'four')).to.equal('four');
    expect(await value('requests_total', { priority: 'normal' })).to.equal(1);
    expect(await value('wait_time_seconds_count', { priority: 'normal' })).to.equal(1);
  });

  it('throws what the job throws, and goes on', async () => {
    const queue = await queueOf();
    const torn = new Error('torn');
    const thrown = await queue
      .add(() => {
        throw torn;
      })
      .catch((error: unknown) => error);
    expect(thrown).to.equal(torn);
    expect(await queue.add(() => 'next')).to.equal('next');
    expect(await value('active_workers')).to.equal(0);
  });

  it('tells its capacity, what waits, who works and how long a job waited since it came', async () => {
    const queue = await queueOf({ workers: 2, capacity: 5 });
    const jobs = [hold(queue), hold(queue), hold(queue, { priority: 'low' }), hold(queue, { priority: 'high' })];
    expect(await value('capacity')).to.equal(5);
    expect(await value('active_workers')).to.equal(2);
    expect(await sizes()).to.deep.equal([1, 0, 1]);
    seconds = 3;
    jobs[0]?.finish();
    await jobs[0]?.ended;
    await turn();
    expect(await sizes()).to.deep.equal([0, 0, 1]);
    expect(await value('wait_time_seconds_sum', { priority: 'high' })).to.equal(3);
    await queue.close();
    expect(await value('capacity')).to.equal(0);
  });

  it('turns a job away when it is full, by saying so', async () => {
    const queue = await queueOf({ capacity: 1 });
    const [first, second] = [hold(queue), hold(queue)];
    const thrown = await hold(queue).ended;
    expect(thrown).to.be.instanceOf(QueueFullError).with.property('capacity', 1);
    expect(await value('requests_rejected_total')).to.equal(1);
    expect(await value('requests_total', { priority: 'normal' })).to.equal(2);
    first.finish();
    await first.ended;
    const third = hold(queue);
    second.finish();
    await second.ended;
    await turn();
    third.finish();
    expect(await third.ended).to.equal('done');
  });

  it('lets a job wait for room when that is wished, the one of the highest priority first', async () => {
    const queue = await queueOf({ capacity: 1 });
    const started: string[] = [];
    const add = (name: string, options: AddOptions = {}) =>
      queue.add(
        async () => {
          started.push(name);
          await turn();
          return name;
        },
        { whenFull: 'wait', ...options },
      );
    await Promise.all([add('a'), add('b'), add('c', { priority: 'low' }), add('d', { priority: 'high' })]);
    expect(started).to.deep.equal(['a', 'b', 'd', 'c']);
    expect(await value('requests_rejected_total')).to.equal(0);
  });

  it('takes a waiting job back at its signal, and lets a running one end', async () => {
    const queue = await queueOf();
    const controller = new AbortController();
    const { signal } = controller;
    const [running, waiting, other] = [hold(queue, { signal }), hold(queue, { signal }), hold(queue)];
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await Promise.all([running.ended, waiting.ended])).to.deep.equal([reason, reason]);
    expect(waiting.signal).to.equal(undefined);
    await turn();
    expect(await sizes()).to.deep.equal([0, 0, 0]);
    other.finish();
    expect(await other.ended).to.equal('done');
    expect(await value('active_workers')).to.equal(0);
    expect(await hold(queue, { signal }).ended).to.equal(reason);
  });

  it('keeps a worker busy with a job that does not heed its signal', async () => {
    const queue = await queueOf();
    const controller = new AbortController();
    let finish = (_: string): void => undefined;
    const deaf = queue.add(() => new Promise<string>((resolve) => (finish = resolve)), { signal: controller.signal });
    const next = hold(queue);
    controller.abort();
    await turn();
    expect(next.signal).to.equal(undefined);
    finish('at last');
    expect(await deaf).to.equal('at last');
    next.finish();
    expect(await next.ended).to.equal('done');
  });

  it('drains: takes no more, and waits for what it took', async () => {
    const queue = await queueOf();
    const jobs = [hold(queue), hold(queue)];
    const drained = queue.drain();
    expect(await hold(queue).ended).to.be.instanceOf(QueueClosedError);
    jobs[0]?.finish();
    await turn();
    jobs[1]?.finish();
    await drained;
    expect(await Promise.all(jobs.map(({ ended }) => ended))).to.deep.equal(['done', 'done']);
  });

  it('closes: gives back what waits, and what runs gets its grace', async () => {
    const queue = await queueOf({ capacity: 1 });
    const [running, waiting, outside] = [hold(queue), hold(queue), hold(queue, { whenFull: 'wait' })];
    const closed = queue.close({ graceSeconds: 60 });
    expect(await waiting.ended).to.be.instanceOf(QueueClosedError);
    expect(await outside.ended).to.be.instanceOf(QueueClosedError);
    expect(running.signal?.aborted).to.equal(false);
    running.finish();
    await closed;
    expect(await running.ended).to.equal('done');

    const hurried = await queueOf();
    const late = hold(hurried);
    await hurried.close({ graceSeconds: 0.01 });
    expect(await late.ended).to.be.instanceOf(QueueClosedError);
    expect(await value('active_workers')).to.equal(0);
  });

  it('lets no more start than its rate allows, though workers are free', async () => {
    const queue = await queueOf({ workers: 3, startsPerSecond: 0.01 });
    const [first, second] = [hold(queue), hold(queue)];
    first.finish();
    expect(await first.ended).to.equal('done');
    expect(await sizes()).to.deep.equal([0, 1, 0]);
    await queue.close();
    expect(await second.ended).to.be.instanceOf(QueueClosedError);
    expect(await sizes()).to.deep.equal([0, 0, 0]);
  });

  it('refuses numbers it cannot work with', async () => {
    for (const options of [{ workers: 0 }, { capacity: 1.5 }, { startsPerSecond: 0 }, { startsPerSecond: Infinity }]) {
      const refused = await queueOf(options).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(QueueConfigurationError).with.property('message').that.contains('expected a');
    }
  });

  it('starts by priority and then by age, never runs or holds more than it may, and ends every job once', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('add' as const), priority: fc.constantFrom(...priorities) }),
      },
      fc.record({ kind: fc.constantFrom('finish' as const, 'fail' as const, 'abort' as const), which: fc.nat(7) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({ workers: fc.integer({ min: 1, max: 3 }), capacity: fc.integer({ min: 1, max: 4 }) }),
        fc.array(step, { maxLength: 30 }),
        async (bounds, steps) => {
          forget();
          const queue = await queueOf(bounds);
          /** The model: what waits, in the order in which it must start, and what runs. */
          const waiting: { id: number; rank: number }[] = [];
          const running: number[] = [];
          const jobs: { readonly held: HeldJob; readonly controller: AbortController; readonly full: boolean }[] = [];
          const ends: unknown[] = [];
          const refill = (): void => {
            waiting.sort((a, b) => a.rank - b.rank || a.id - b.id);
            while (running.length < bounds.workers && waiting.length > 0) running.push(waiting.shift()?.id ?? -1);
          };
          for (const { kind, ...choice } of steps) {
            if ('priority' in choice) {
              const full = running.length === bounds.workers && waiting.length === bounds.capacity;
              const controller = new AbortController();
              const { priority } = choice;
              const job = { held: hold(queue, { priority, signal: controller.signal }), controller, full };
              const id = jobs.push(job) - 1;
              void job.held.ended.then((end) => {
                ends[id] = end;
              });
              if (!full) waiting.push({ id, rank: priorities.indexOf(priority) });
            } else if (kind === 'abort') {
              const job = jobs[choice.which % Math.max(jobs.length, 1)];
              job?.controller.abort();
              const id = job === undefined ? -1 : jobs.indexOf(job);
              for (const list of [waiting, running]) {
                const place = list.findIndex((one) => (typeof one === 'number' ? one : one.id) === id);
                if (place >= 0) list.splice(place, 1);
              }
            } else {
              const [id] = running.splice(choice.which % Math.max(running.length, 1), 1);
              const held = jobs[id ?? -1]?.held;
              if (kind === 'finish') held?.finish();
              else held?.fail(new Error('torn'));
            }
            refill();
            await turn();
            for (const id of running) expect(jobs[id]?.held.signal).not.to.equal(undefined);
            for (const { id } of waiting) expect(jobs[id]?.held.signal).to.equal(undefined);
            expect(await value('active_workers')).to.equal(running.length);
            expect((await sizes()).reduce((sum: number, size = 0) => sum + size, 0)).to.equal(waiting.length);
          }
          await queue.close();
          await turn();
          expect(jobs.map((_, id) => ends[id] instanceof QueueFullError)).to.deep.equal(jobs.map(({ full }) => full));
          expect(jobs.filter((_, id) => ends[id] === undefined)).to.deep.equal([]);
          expect(jobs.filter(({ held }) => held.starts > 1)).to.deep.equal([]);
          expect(await sizes()).to.deep.equal([0, 0, 0]);
          expect(await value('active_workers')).to.equal(0);
          expect(await value('capacity')).to.equal(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

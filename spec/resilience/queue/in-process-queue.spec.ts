import { AsyncLocalStorage } from 'node:async_hooks';
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

/** A job that runs until the test ends it. */
interface ControlledJob {
  /** Resolves to the result or the error of the job. */
  readonly ended: Promise<unknown>;
  /** The signal that the job received when it started. */
  readonly signal: AbortSignal | undefined;
  readonly starts: number;
  finish(): void;
  fail(error: Error): void;
}

describe('InProcessQueue', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  let seconds: number;

  const reset = (): void => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
    seconds = 0;
  };
  beforeEach(reset);

  const queueOf = (options: InProcessQueueOptions = {}): Promise<InProcessQueue<string>> =>
    InProcessQueue.open({ collector, clock: () => seconds, ...options });

  const value = async (sample: string, labels: Readonly<Record<string, string>> = {}) =>
    sampleValue(await registry.metrics(), `tinyllm_queue_${sample}`, labels);

  const sizes = () => Promise.all(priorities.map((priority) => value('size', { priority })));

  /** Adds a job to a queue. The job runs until `finish`, `fail` or an abort. */
  function addJob(queue: InProcessQueue<string>, options: AddOptions = {}): ControlledJob {
    let settle: { resolve(answer: string): void; reject(error: unknown): void } | undefined;
    let received: AbortSignal | undefined;
    let starts = 0;
    const ended = queue.add((signal) => {
      received = signal;
      starts++;
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }, options);
    return {
      get signal() {
        return received;
      },
      get starts() {
        return starts;
      },
      finish: () => settle?.resolve('done'),
      fail: (error) => settle?.reject(error),
      ended: ended.catch((error: unknown) => error),
    };
  }

  it('runs a job immediately if a worker is free, and returns its result', async () => {
    expect(await (await queueOf()).add(() => 'four')).to.equal('four');
    expect(await value('requests_total', { priority: 'normal' })).to.equal(1);
    expect(await value('wait_time_seconds_count', { priority: 'normal' })).to.equal(1);
  });

  it('throws the error of a job, and runs the next job', async () => {
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

  it('records its capacity, waiting jobs, active workers and wait times', async () => {
    const queue = await queueOf({ workers: 2, capacity: 5 });
    const jobs = [
      addJob(queue),
      addJob(queue),
      addJob(queue, { priority: 'low' }),
      addJob(queue, { priority: 'high' }),
    ];
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

  it('rejects a job with QueueFullError when it is full', async () => {
    const queue = await queueOf({ capacity: 1 });
    const [first, second] = [addJob(queue), addJob(queue)];
    const thrown = await addJob(queue).ended;
    expect(thrown).to.be.instanceOf(QueueFullError).with.property('capacity', 1);
    expect(await value('requests_rejected_total')).to.equal(1);
    expect(await value('requests_total', { priority: 'normal' })).to.equal(2);
    first.finish();
    await first.ended;
    const third = addJob(queue);
    second.finish();
    await second.ended;
    await turn();
    third.finish();
    expect(await third.ended).to.equal('done');
  });

  it("lets jobs with `whenFull: 'wait'` wait for room, in the order of their priority", async () => {
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

  it('removes a waiting job and aborts a running job when their signal aborts', async () => {
    const queue = await queueOf();
    const controller = new AbortController();
    const { signal } = controller;
    const [running, waiting, other] = [addJob(queue, { signal }), addJob(queue, { signal }), addJob(queue)];
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await Promise.all([running.ended, waiting.ended])).to.deep.equal([reason, reason]);
    expect(waiting.signal).to.equal(undefined);
    await turn();
    expect(await sizes()).to.deep.equal([0, 0, 0]);
    other.finish();
    expect(await other.ended).to.equal('done');
    expect(await value('active_workers')).to.equal(0);
    expect(await addJob(queue, { signal }).ended).to.equal(reason);
  });

  it('keeps a worker busy while its job ignores the abort', async () => {
    const queue = await queueOf();
    const controller = new AbortController();
    let finish = (_: string): void => undefined;
    const deaf = queue.add(() => new Promise<string>((resolve) => (finish = resolve)), { signal: controller.signal });
    const next = addJob(queue);
    controller.abort();
    await turn();
    expect(next.signal).to.equal(undefined);
    finish('at last');
    expect(await deaf).to.equal('at last');
    next.finish();
    expect(await next.ended).to.equal('done');
  });

  it('drains: accepts no more jobs, and waits for the accepted ones', async () => {
    const queue = await queueOf();
    const jobs = [addJob(queue), addJob(queue)];
    const drained = queue.drain();
    expect(await addJob(queue).ended).to.be.instanceOf(QueueClosedError);
    jobs[0]?.finish();
    await turn();
    jobs[1]?.finish();
    await drained;
    expect(await Promise.all(jobs.map(({ ended }) => ended))).to.deep.equal(['done', 'done']);
  });

  it('closes: rejects waiting jobs, and gives running jobs the grace period', async () => {
    const queue = await queueOf({ capacity: 1 });
    const [running, waiting, outside] = [addJob(queue), addJob(queue), addJob(queue, { whenFull: 'wait' })];
    const closed = queue.close({ graceSeconds: 60 });
    expect(await waiting.ended)
      .to.be.instanceOf(QueueClosedError)
      .with.property('message')
      .that.contains('the job was not run');
    expect(await outside.ended).to.be.instanceOf(QueueClosedError);
    expect(running.signal?.aborted).to.equal(false);
    running.finish();
    await closed;
    expect(await running.ended).to.equal('done');

    const hurried = await queueOf();
    const late = addJob(hurried);
    await hurried.close({ graceSeconds: 0.01 });
    expect(await late.ended)
      .to.be.instanceOf(QueueClosedError)
      .with.property('message', 'The queue was closed before the job ended.');
    expect(await value('active_workers')).to.equal(0);
  });

  it('runs each job in the asynchronous context of its caller', async () => {
    const storage = new AsyncLocalStorage<string>();
    const queue = await queueOf();
    const contextOf = (): Promise<string> => queue.add(async () => String(storage.getStore()));
    const inContext = ['a', 'b', 'c'].map((name) => storage.run(name, contextOf));
    expect(await Promise.all([...inContext, contextOf()])).to.deep.equal(['a', 'b', 'c', 'undefined']);
    await queue.close();
  });

  it('limits the starts per second even if workers are free', async () => {
    const queue = await queueOf({ workers: 3, startsPerSecond: 0.01 });
    const [first, second] = [addJob(queue), addJob(queue)];
    first.finish();
    expect(await first.ended).to.equal('done');
    expect(await sizes()).to.deep.equal([0, 1, 0]);
    await queue.close();
    expect(await second.ended).to.be.instanceOf(QueueClosedError);
    expect(await sizes()).to.deep.equal([0, 0, 0]);
  });

  it('rejects options that are out of range', async () => {
    for (const options of [{ workers: 0 }, { capacity: 1.5 }, { startsPerSecond: 0 }, { startsPerSecond: Infinity }]) {
      const error = await queueOf(options).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(QueueConfigurationError).with.property('message').that.contains('expected a');
    }
    const error = await queueOf({ workers: 0 }).catch((thrown: unknown) => thrown);
    const message = "The queue's option `workers` is 0; expected a whole number of at least 1.";
    expect(error).to.have.property('message', message);
  });

  it('starts jobs by priority and then by age, never exceeds its limits, and ends every job once', async () => {
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
          reset();
          const queue = await queueOf(bounds);
          /** The expected state: the waiting jobs in the order of their start, and the running jobs. */
          const waiting: { id: number; rank: number }[] = [];
          const running: number[] = [];
          const jobs: { readonly held: ControlledJob; readonly controller: AbortController; readonly full: boolean }[] =
            [];
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
              const job = { held: addJob(queue, { priority, signal: controller.signal }), controller, full };
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

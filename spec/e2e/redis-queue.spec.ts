import { expect } from 'chai';
import { MetricsCollector } from '../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { JobFailedError, QueueUnavailableError } from '../../lib/executor/errors/job-errors.js';
import { RedisQueue } from '../../lib/executor/queue/redis-queue.js';
import { RedisWorker, type RedisWorkerOptions } from '../../lib/executor/queue/redis-worker.js';
import { QueueClosedError, QueueConfigurationError, QueueFullError } from '../../lib/resilience/errors/queue-errors.js';
import { priorities } from '../../lib/resilience/queue/priority.js';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { sampleValue } from '../support/parse-text.js';
import { RedisServer, redisServer } from '../support/redis.js';

interface Question {
  readonly question: string;
}

describe('a queue in Redis', () => {
  let redis: RedisServer;
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  let open: { close(): Promise<void> }[] = [];

  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
  });

  beforeEach(() => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
  });

  afterEach(async () => {
    await Promise.all(open.map((one) => one.close()));
    open = [];
    await redis.ask('FLUSHALL');
  });

  after(() => redis?.kill());

  async function queueOf(capacity = 100): Promise<RedisQueue<Question, string>> {
    const queue = await RedisQueue.open<Question, string>({ url: redis.url, capacity, collector });
    open.push(queue);
    return queue;
  }

  async function work(
    does: RedisWorkerOptions<Question, string>['work'],
    options: Partial<RedisWorkerOptions<Question, string>> = {},
  ): Promise<RedisWorker<Question, string>> {
    const worker = await RedisWorker.start({ url: redis.url, work: does, collector, ...options });
    open.push(worker);
    return worker;
  }

  const value = async (sample: string, labels: Readonly<Record<string, string>> = {}) =>
    sampleValue(await registry.metrics(), `tinyllm_queue_${sample}`, labels);

  const sizes = () => Promise.all(priorities.map((priority) => value('size', { priority })));

  it('runs its jobs in a worker by priority, and returns results and errors', async () => {
    const queue = await queueOf();
    const asked: string[] = [];
    const answers = (['low', 'normal', 'high', 'normal'] as const).map((priority, index) =>
      queue.add({ question: `${index}` }, { priority }).catch((error: unknown) => error),
    );
    await eventually(async () => (await sizes()).join() === '1,2,1');
    expect(await value('capacity')).to.equal(100);
    await work(async ({ question }) => {
      asked.push(question);
      expect(await value('active_workers')).to.equal(1);
      if (question === '3') throw new RangeError('three: too many');
      return `answer ${question}`;
    });
    const [low, normal, high, failed] = await Promise.all(answers);
    expect([low, normal, high]).to.deep.equal(['answer 0', 'answer 1', 'answer 2']);
    expect(failed).to.be.instanceOf(JobFailedError);
    expect(failed).to.include({ errorName: 'RangeError', message: 'three: too many' });
    expect(asked).to.deep.equal(['2', '1', '3', '0']);
    expect(await sizes()).to.deep.equal([0, 0, 0]);
    expect(await value('requests_total', { priority: 'normal' })).to.equal(2);
    expect(await value('wait_time_seconds_count', { priority: 'high' })).to.equal(1);
    await eventually(async () => (await value('active_workers')) === 0);
  });

  it('has a capacity: further jobs are rejected or wait', async () => {
    const queue = await queueOf(1);
    const first = queue.add({ question: 'first' });
    await eventually(async () => (await value('size', { priority: 'normal' })) === 1);
    const rejected = await queue.add({ question: 'refused' }).catch((error: unknown) => error);
    expect(rejected).to.be.instanceOf(QueueFullError).with.property('capacity', 1);
    expect(await value('requests_rejected_total')).to.equal(1);
    const second = queue.add({ question: 'second' }, { whenFull: 'wait' });
    await work(async ({ question }) => question);
    expect(await Promise.all([first, second])).to.deep.equal(['first', 'second']);
    expect(await value('requests_total', { priority: 'normal' })).to.equal(2);
  });

  it('removes a waiting job from Redis when its signal aborts or the queue is closed', async () => {
    const queue = await queueOf();
    const controller = new AbortController();
    const signalled = queue.add({ question: 'a' }, { signal: controller.signal }).catch((error: unknown) => error);
    const left = queue.add({ question: 'b' }).catch((error: unknown) => error);
    await eventually(async () => (await value('size', { priority: 'normal' })) === 2);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await signalled).to.equal(reason);
    await queue.close();
    expect(await left).to.be.instanceOf(QueueClosedError);
    expect(await sizes()).to.deep.equal([0, 0, 0]);
    expect(await value('capacity')).to.equal(0);
    expect(await redis.ask('EXISTS tinyllm:jobs:prioritized')).to.match(/^:0/);
    expect(await queue.add({ question: 'c' }).catch((error: unknown) => error)).to.be.instanceOf(QueueClosedError);
  });

  it('rejects a running job if the queue is closed and the grace period ends first', async () => {
    const queue = await queueOf();
    const answer = queue.add({ question: 'a' }).catch((error: unknown) => error);
    let begun = false;
    let finish = (): void => {};
    await work(async () => {
      begun = true;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return 'too late';
    });
    await eventually(async () => begun && (await value('size', { priority: 'normal' })) === 0);
    await queue.close({ graceSeconds: 0.01 });
    finish();
    expect(await answer)
      .to.be.instanceOf(QueueClosedError)
      .with.property('message', 'The queue was closed before the job ended.');
  });

  it('gives a job that a closing worker cannot finish to another worker', async () => {
    const queue = await queueOf();
    const answer = queue.add({ question: 'a' });
    let begun = false;
    const first = await work((_, signal) => {
      begun = true;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await eventually(async () => begun);
    await first.close({ graceSeconds: 0.01 });
    await work(async () => 'from another');
    expect(await answer).to.equal('from another');
    expect(await sizes()).to.deep.equal([0, 0, 0]);
  });

  it('waits while Redis is down, and runs the jobs that Redis has lost', async () => {
    const problems: string[] = [];
    const queue = await queueOf();
    const answer = queue.add({ question: 'a' });
    await eventually(async () => (await value('size', { priority: 'normal' })) === 1);
    await redis.kill();
    const meanwhile = queue.add({ question: 'b' });
    await redis.restart();
    await work(async ({ question }) => question, { onProblem: ({ message }) => problems.push(message) });
    expect(await Promise.all([answer, meanwhile])).to.deep.equal(['a', 'b']);
    await redis.kill();
    await eventually(async () => problems.length > 0);
    await redis.restart();
    expect(await queue.add({ question: 'c' })).to.equal('c');
    expect(problems[0]).to.match(
      /^The connection to the queue's Redis at redis:\/\/127\.0\.0\.1:\d+ is lost: .*; reconnecting\.$/,
    );
    expect(await sizes()).to.deep.equal([0, 0, 0]);
  });

  it('closes, with its workers, while Redis is down, and resets its gauges', async () => {
    const queue = await queueOf();
    const idle = await work(async () => 'never', { concurrency: 1 });
    const answers = ['a', 'b'].map((question) => queue.add({ question }).catch((error: unknown) => error));
    await Promise.all(answers);
    await redis.kill();
    const left = queue.add({ question: 'c' }).catch((error: unknown) => error);
    await idle.close({ graceSeconds: 60 });
    await queue.close();
    expect(await left).to.be.instanceOf(QueueClosedError);
    expect(await sizes()).to.deep.equal([0, 0, 0]);
    expect(await value('capacity')).to.equal(0);
    expect(await value('active_workers')).to.equal(0);
    await redis.restart();
  });

  it('fails to open without a Redis, and does not show the password', async () => {
    const openError = (url: string) => RedisQueue.open({ url, collector }).catch((error: unknown) => error);
    const nobody = await openError('redis://:secret@127.0.0.1:1/3');
    expect(nobody).to.be.instanceOf(QueueUnavailableError).with.property('url', 'redis://127.0.0.1:1/3');
    expect(nobody).to.have.property('message').that.contains('ECONNREFUSED').and.does.not.contain('secret');
    expect(await openError('http://:secret@127.0.0.1')).to.be.instanceOf(QueueConfigurationError);
    expect(await openError('redis://:100%secret@127.0.0.1')).to.be.instanceOf(QueueConfigurationError);
    expect(await openError('redis//nowhere')).to.be.instanceOf(QueueConfigurationError);
  });
});

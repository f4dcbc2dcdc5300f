import cluster from 'node:cluster';
import { expect } from 'chai';
import { handleClusterMessages, requestWorkerMetrics } from '../../../lib/prom-client/registries/cluster-messages.js';

/** A worker that only records what it receives. */
class FakeWorker {
  readonly received: { readonly requestId: number }[] = [];

  isConnected(): boolean {
    return true;
  }

  send(message: { readonly requestId: number }): void {
    this.received.push(message);
  }

  respond(response: object, requestId = this.received.at(-1)?.requestId): void {
    cluster.emit('message', this, { type: 'prom-client:getMetricsRes', requestId, ...response });
  }
}

describe('requestWorkerMetrics', () => {
  const { workers } = cluster;
  const fakes = [new FakeWorker(), new FakeWorker()] as const;
  before(() => {
    Object.assign(cluster, { workers: { 1: fakes[0], 2: fakes[1], 3: { isConnected: () => false } } });
    handleClusterMessages();
  });
  after(() => Object.assign(cluster, { workers }));

  it('resolves when all connected workers have responded', async () => {
    const request = requestWorkerMetrics();
    cluster.emit('message', fakes[0], null);
    cluster.emit('message', fakes[0], { type: 'another' });
    fakes[0].respond({ metrics: [[{ name: 'a' }], [{ name: 'b' }]] });
    fakes[1].respond({ metrics: [[{ name: 'c' }]] });
    expect(await request).to.deep.equal([[{ name: 'a' }], [{ name: 'b' }], [{ name: 'c' }]]);
  });

  it('rejects with the first error, and ignores responses that arrive later', async () => {
    const request = requestWorkerMetrics();
    fakes[0].respond({ error: 'broken' });
    fakes[1].respond({ metrics: [] });
    fakes[1].respond({ metrics: [] }, 1e9);
    await request.then(
      () => expect.fail('The request succeeded.'),
      ({ message }) => expect(message).to.equal('broken'),
    );
  });

  it('rejects after 5 s without a response', async () => {
    const { setTimeout: realSetTimeout } = globalThis;
    let expire: () => void = () => {};
    globalThis.setTimeout = ((callback: () => void, milliseconds: number) => {
      expect(milliseconds).to.equal(5_000);
      expire = callback;
    }) as unknown as typeof setTimeout;
    const request = requestWorkerMetrics();
    globalThis.setTimeout = realSetTimeout;
    expire();
    await request.then(
      () => expect.fail('The request succeeded.'),
      ({ message }) => expect(message).to.equal('Operation timed out.'),
    );
  });

  it('listens once', () => {
    const before = cluster.listenerCount('message');
    handleClusterMessages();
    expect(cluster.listenerCount('message')).to.equal(before);
  });
});

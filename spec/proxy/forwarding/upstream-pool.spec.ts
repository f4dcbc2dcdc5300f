import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ProxySettingsError, UpstreamError } from '../../../lib/proxy/errors/proxy-errors.js';
import { type Lease, UpstreamPool } from '../../../lib/proxy/forwarding/upstream-pool.js';
import { freePort } from '../../support/free-port.js';
import { type RawUpstream, startRawUpstream } from '../../support/proxy/raw-upstream.js';
import { registryText } from '../../support/registry-text.js';

describe('UpstreamPool', () => {
  let registry: SharedRegistry;

  beforeEach(() => {
    registry = new SharedRegistry();
    mock.timers.enable({ apis: ['Date'] });
  });

  afterEach(() => mock.timers.reset());

  const poolOf = (...names: readonly string[]) =>
    new UpstreamPool({
      urls: names.map((name) => `http://${name}:1`),
      collector: new MetricsCollector(registry),
      failures: 2,
      openForSeconds: 10,
    });
  const lines = (metric: string) =>
    registryText(registry)
      .split('\n')
      .filter((line) => line.startsWith(metric) && !line.endsWith(' 0'));
  const failed = (name: string) => new UpstreamError(`${name}:1`, 'unreachable', 'It is away.');
  const nameOf = (lease: Lease | undefined) => lease?.upstream.name.replace(':1', '');

  /** Sends requests until an upstream has failed this often. */
  async function fail(pool: UpstreamPool, name: string, times: number): Promise<void> {
    for (let left = times; left > 0; ) {
      const lease = pool.lease([]);
      if (nameOf(lease) === name) left--;
      lease?.end(nameOf(lease) === name ? failed(name) : 'succeeded');
      await nextTurn();
    }
  }

  it('selects the upstream with the fewest requests in flight, and takes turns', () => {
    const pool = poolOf('a', 'b', 'c');
    const leases = Array.from({ length: 6 }, () => pool.lease([]));
    expect(leases.map(nameOf)).to.deep.equal(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(lines('tinyllm_proxy_upstream_active_requests')).to.have.length(3);
    leases[1]?.end('succeeded');
    leases[4]?.end('aborted');
    expect([pool.lease([]), pool.lease([])].map(nameOf)).to.deep.equal(['b', 'b']);
    leases[1]?.end('succeeded');
    expect(lines('tinyllm_proxy_upstream_active_requests{upstream="b:1"}').join()).to.match(/ 2$/);
  });

  it('does not select an upstream that the request has tried', () => {
    const pool = poolOf('a', 'b');
    const first = pool.lease([]);
    const second = pool.lease([first?.upstream].flatMap((one) => one ?? []));
    expect(nameOf(second)).to.not.equal(nameOf(first));
    expect(pool.lease(pool.upstreams)).to.equal(undefined);
  });

  it('stops using an upstream after repeated failures, and then sends one trial request', async () => {
    const pool = poolOf('a', 'b');
    await fail(pool, 'a', 2);
    expect(lines('tinyllm_proxy_upstream_up')).to.deep.equal(['tinyllm_proxy_upstream_up{upstream="b:1"} 1']);
    expect([pool.lease([]), pool.lease([]), pool.lease([])].map(nameOf)).to.deep.equal(['b', 'b', 'b']);
    mock.timers.tick(10_001);
    const probe = pool.lease([]);
    expect(nameOf(probe)).to.equal('a');
    expect(nameOf(pool.lease([])), 'the other upstream serves requests during the trial request').to.equal('b');
    probe?.responseStarted();
    await nextTurn();
    expect(lines('tinyllm_proxy_upstream_up')).to.have.length(2);
    expect(nameOf(pool.lease([]))).to.equal('a');
    expect(lines('tinyllm_proxy_upstream_failures_total')).to.deep.equal([
      'tinyllm_proxy_upstream_failures_total{upstream="a:1",reason="unreachable"} 2',
    ]);
  });

  it('does not count a disconnected client as a failure of the upstream', async () => {
    const pool = poolOf('a', 'b');
    for (let times = 0; times < 20; times++) pool.lease([])?.end('aborted');
    await nextTurn();
    expect(lines('tinyllm_proxy_upstream_up')).to.have.length(2);
  });

  it('uses upstreams despite failures if all have failed, or if there is only one', async () => {
    const pool = poolOf('a', 'b');
    await fail(pool, 'a', 2);
    await fail(pool, 'b', 2);
    expect(lines('tinyllm_proxy_upstream_up')).to.deep.equal([]);
    expect(nameOf(pool.lease([]))).to.be.oneOf(['a', 'b']);
    registry = new SharedRegistry();
    const single = poolOf('c');
    await fail(single, 'c', 9);
    expect(nameOf(single.lease([]))).to.equal('c');
    expect(lines('tinyllm_proxy_upstream_up')).to.deep.equal([]);
  });

  it('sends requests to all upstreams in turn when the circuit breakers of all are open', async () => {
    const pool = poolOf('a', 'b');
    await fail(pool, 'a', 2);
    await fail(pool, 'b', 2);
    const names = Array.from({ length: 4 }, () => {
      const lease = pool.lease([]);
      lease?.end('aborted');
      return nameOf(lease);
    });
    expect(names.filter((name) => name === 'a')).to.have.length(2);
    expect(names[0]).not.to.equal(names[1]);
  });

  describe('state of upstreams', () => {
    let clock: number;
    const closing: (() => Promise<unknown>)[] = [];
    const up = () => lines('tinyllm_proxy_upstream_up').length;

    beforeEach(() => {
      clock = 0;
    });

    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    const poolAt = (...urls: readonly string[]) =>
      new UpstreamPool({
        urls,
        collector: new MetricsCollector(registry),
        failures: 2,
        openForSeconds: 10,
        now: () => clock,
      });
    async function serverOf(onRequest: (socket: Socket) => void): Promise<RawUpstream> {
      const server = await startRawUpstream(onRequest);
      closing.push(() => server.close());
      return server;
    }
    const answering = (status: number) =>
      serverOf((socket) => void socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`));

    it('changes with the requests to a single upstream', () => {
      const pool = poolAt('http://a:1');
      expect(up()).to.equal(1);
      pool.lease([])?.end(failed('a'));
      expect(up(), 'after a connection failed').to.equal(0);
      pool.lease([])?.responseStarted();
      expect(up(), 'after a response has started').to.equal(1);
      const broken = new UpstreamError('a:1', 'broken', 'The connection was closed.');
      pool.lease([])?.end(broken);
      expect(up(), 'after one incomplete response').to.equal(1);
      pool.lease([])?.end('aborted');
      const lease = pool.lease([]);
      lease?.responseStarted();
      lease?.end(broken);
      expect(up(), 'after two consecutive incomplete responses').to.equal(0);
      pool.note('http://a:1', 'answered');
      expect(up(), 'after a probe, while requests fail').to.equal(0);
      pool.lease([])?.end('succeeded');
      expect(up()).to.equal(1);
    });

    it('probes with a connection while the upstream is up, and with a request while it is down', async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const pool = poolAt(url);
      const [problem] = await pool.probe();
      expect(problem).to.include({ failure: 'unreachable', upstream: `127.0.0.1:${port}` });
      expect(problem?.message).to.match(/does not respond \(ECONNREFUSED\)\.$/);
      expect(up()).to.equal(0);
      const server = createServer((_request, response) => void response.writeHead(404).end()).listen(port, '127.0.0.1');
      await once(server, 'listening');
      closing.push(async () => server.close());
      expect(await pool.probe()).to.deep.equal([]);
      expect(up()).to.equal(1);
      expect(lines('tinyllm_proxy_upstream_failures_total'), 'probes are not counted as failed requests').to.deep.equal(
        [],
      );
    });

    it('probes an upstream that is up only with a connection', async () => {
      const upstream = await answering(200);
      const pool = poolAt(upstream.url);
      expect(await pool.probe()).to.deep.equal([]);
      expect([upstream.sockets.length, upstream.received()]).to.deep.equal([1, '']);
      clock = 4_000;
      await pool.probe(5_000);
      expect(upstream.sockets.length, 'after a contact in the last seconds').to.equal(1);
    });

    it('does not treat a connection or a 503 as the recovery of a failed upstream', async () => {
      const unavailable = [await answering(503), /:\d+ responded with status 503\.$/] as const;
      const broken = [await serverOf((socket) => void socket.destroy()), /does not respond \(ECONNRESET\)\.$/] as const;
      for (const [upstream, message] of [unavailable, broken]) {
        registry = new SharedRegistry();
        const pool = poolAt(upstream.url);
        pool.note(upstream.url, 'broken');
        pool.note(upstream.url, 'broken');
        const problems = await pool.probe();
        expect(problems).to.have.length(1);
        expect(problems[0]?.message).to.match(message);
        expect(up()).to.equal(0);
      }
    });

    it('is down while the circuit breaker is open, and up again after a probe without other requests', async () => {
      const [one, other] = [await answering(200), await answering(200)];
      const pool = poolAt(one.url, other.url);
      for (let left = 2; left > 0; ) {
        const lease = pool.lease([]);
        const isOne = lease?.upstream.url === one.url;
        if (isOne) left--;
        lease?.end(isOne ? failed('a') : 'succeeded');
        await nextTurn();
      }
      expect(up()).to.equal(1);
      clock = 5_000;
      await pool.probe();
      await nextTurn();
      expect(up(), 'an answer does not close the breaker').to.equal(1);
      mock.timers.tick(10_001);
      clock = 15_000;
      await pool.probe();
      await nextTurn();
      expect(up(), 'after recent requests, a probe does not close the circuit breaker').to.equal(1);
      clock = 31_000;
      await pool.probe();
      await nextTurn();
      expect(up()).to.equal(2);
      const next = [pool.lease([]), pool.lease([])].map((lease) => lease?.upstream.url);
      expect(next).to.have.members([one.url, other.url]);
    });
  });

  it('rejects duplicate upstreams, and an empty list', () => {
    expect(() => poolOf('a', 'A')).to.throw(ProxySettingsError, 'The upstream a:1 occurs twice; remove one.');
    registry = new SharedRegistry();
    expect(() => poolOf()).to.throw(ProxySettingsError, 'The proxy has no upstream');
  });
});

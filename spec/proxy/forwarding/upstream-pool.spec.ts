import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ProxySettingsError, UpstreamError } from '../../../lib/proxy/errors/proxy-errors.js';
import { type Lease, UpstreamPool } from '../../../lib/proxy/forwarding/upstream-pool.js';
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

  /** Gives requests out until an upstream has failed so often. */
  async function fail(pool: UpstreamPool, name: string, times: number): Promise<void> {
    for (let left = times; left > 0; ) {
      const lease = pool.lease([]);
      if (nameOf(lease) === name) left--;
      lease?.end(nameOf(lease) === name ? failed(name) : 'good');
      await nextTurn();
    }
  }

  it('gives a request to the upstream with the fewest in flight, and takes turns', () => {
    const pool = poolOf('a', 'b', 'c');
    const leases = Array.from({ length: 6 }, () => pool.lease([]));
    expect(leases.map(nameOf)).to.deep.equal(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(lines('tinyllm_proxy_upstream_active_requests')).to.have.length(3);
    leases[1]?.end('good');
    leases[4]?.end('left');
    expect([pool.lease([]), pool.lease([])].map(nameOf)).to.deep.equal(['b', 'b']);
    leases[1]?.end('good');
    expect(lines('tinyllm_proxy_upstream_active_requests{upstream="b:1"}').join()).to.match(/ 2$/);
  });

  it('gives a request none that it has tried', () => {
    const pool = poolOf('a', 'b');
    const first = pool.lease([]);
    const second = pool.lease([first?.upstream].flatMap((one) => one ?? []));
    expect(nameOf(second)).to.not.equal(nameOf(first));
    expect(pool.lease(pool.upstreams)).to.equal(undefined);
  });

  it('takes one out that fails again and again, and lets one request see whether it is back', async () => {
    const pool = poolOf('a', 'b');
    await fail(pool, 'a', 2);
    expect(lines('tinyllm_proxy_upstream_up')).to.deep.equal(['tinyllm_proxy_upstream_up{upstream="b:1"} 1']);
    expect([pool.lease([]), pool.lease([]), pool.lease([])].map(nameOf)).to.deep.equal(['b', 'b', 'b']);
    mock.timers.tick(10_001);
    const probe = pool.lease([]);
    expect(nameOf(probe)).to.equal('a');
    expect(nameOf(pool.lease([])), 'one request is enough to see').to.equal('b');
    probe?.answered();
    await nextTurn();
    expect(lines('tinyllm_proxy_upstream_up')).to.have.length(2);
    expect(nameOf(pool.lease([]))).to.equal('a');
    expect(lines('tinyllm_proxy_upstream_failures_total')).to.deep.equal([
      'tinyllm_proxy_upstream_failures_total{upstream="a:1",reason="unreachable"} 2',
    ]);
  });

  it('does not count against an upstream that a client left', async () => {
    const pool = poolOf('a', 'b');
    for (let times = 0; times < 20; times++) pool.lease([])?.end('left');
    await nextTurn();
    expect(lines('tinyllm_proxy_upstream_up')).to.have.length(2);
  });

  it('asks all the same when all are out, and when there is one alone', async () => {
    const pool = poolOf('a', 'b');
    await fail(pool, 'a', 2);
    await fail(pool, 'b', 2);
    expect(lines('tinyllm_proxy_upstream_up')).to.deep.equal([]);
    expect(nameOf(pool.lease([]))).to.be.oneOf(['a', 'b']);
    registry = new SharedRegistry();
    const alone = poolOf('c');
    await fail(alone, 'c', 9);
    expect(nameOf(alone.lease([]))).to.equal('c');
    expect(lines('tinyllm_proxy_upstream_up')).to.have.length(1);
  });

  it('refuses an upstream that is given twice, and to have none', () => {
    expect(() => poolOf('a', 'A')).to.throw(ProxySettingsError, 'The upstream a:1 was given twice; give it once.');
    registry = new SharedRegistry();
    expect(() => poolOf()).to.throw(ProxySettingsError, 'The proxy got no upstream');
  });
});

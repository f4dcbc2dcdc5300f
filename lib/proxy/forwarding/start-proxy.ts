import type { CircuitBreakerLimits } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { isLoopback, listen, listeningUrl } from 'tinyllm/server';
import { ProxySettingsError, type UpstreamError } from '../errors/proxy-errors.js';
import type { ObserveExchange } from './exchange-observer.js';
import { Gate, type GateOptions } from './gate.js';
import { ProxyServer } from './proxy-server.js';
import type { UpstreamContact } from './upstream-health.js';
import { UpstreamPool } from './upstream-pool.js';

/** Where a proxy listens, to whom it passes requests on, and whom it lets in. */
export interface ProxyOptions extends Omit<GateOptions, 'host' | 'collector'> {
  /** Servers by their origin, such as `http://127.0.0.1:11434`. */
  readonly upstreams: readonly string[];
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  /** When one of several upstreams is taken out, and for how long; default after 5 failures in a row, for 10 s. */
  readonly breaker?: CircuitBreakerLimits | undefined;
  /** Seconds without a byte of a request's body after which its client is cut off; default 300. */
  readonly silentBodySeconds?: number | undefined;
  /** Seconds without contact after which the proxy probes an upstream; default 5, 0 for never. */
  readonly probeSeconds?: number | undefined;
  /**
   * Seconds in which a client must read something of an answer that waits for it, else it is cut off; default 60. With
   * `maxConcurrent`, also the seconds in which it must send 64 KiB of a request's body.
   */
  readonly stalledClientSeconds?: number | undefined;
  /** Connections of clients at a time; beyond, the one that is idle for longest is closed, else the new one; default 1,024. */
  readonly maxConnections?: number | undefined;
  /** Looks at what passes; default nobody does. */
  readonly observe?: ObserveExchange | undefined;
  /** Where to count; default the process's own. */
  readonly collector?: MetricsCollector | undefined;
}

/** A proxy that listens. */
export interface RunningProxy {
  /** Where clients find it. */
  readonly url: string;
  readonly port: number;
  /** The upstreams' origins. */
  readonly upstreams: readonly string[];
  /** Connects to each upstream, updates `tinyllm_proxy_upstream_up`, and resolves with the failures. */
  probe(): Promise<readonly UpstreamError[]>;
  /** Takes note of what a request that did not pass through the proxy showed of the upstream with this origin. */
  note(upstream: string, contact: UpstreamContact): void;
  /** Takes no more requests, lets those under way end for so many seconds, and then cuts them off. */
  close(options?: { readonly graceSeconds?: number }): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Starts a proxy: every byte passes unchanged in both directions, as it comes, and only to the upstreams.
 *
 * @throws {ProxySettingsError} for upstreams it cannot work with and times out of range; {ListenError} when the address cannot be had.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { upstreams: urls, host = loopback, collector = getMetricsCollector(), observe = () => undefined } = options;
  const { silentBodySeconds = 300, stalledClientSeconds = 60, maxConnections = 1_024, probeSeconds = 5 } = options;
  requireSeconds('silentBodySeconds', silentBodySeconds);
  requireSeconds('stalledClientSeconds', stalledClientSeconds);
  if (probeSeconds !== 0) requireSeconds('probeSeconds', probeSeconds);
  const pool = new UpstreamPool({ urls, collector, openForSeconds: 10, ...options.breaker });
  const gate = await Gate.open({ ...options, host, collector });
  const proxy = new ProxyServer({
    ...{ pool, gate, observe, collector },
    ...{ silentBodySeconds, stalledClientSeconds, maxConnections },
  });
  const port = await listen(proxy.server, host, options.port);
  const itself = pool.upstreams.find((one) => one.port === port && isSameHost(one.hostname, host));
  if (itself !== undefined) {
    await proxy.close(0);
    throw new ProxySettingsError(`The upstream ${itself.name} is the proxy itself; give one of the two another port.`);
  }
  const probing = probeSeconds > 0 ? startProbing(pool, probeSeconds * 1_000) : undefined;
  return {
    probe: () => pool.probe(),
    note: (upstream, contact) => pool.note(upstream, contact),
    url: listeningUrl(host, port),
    port,
    upstreams: pool.upstreams.map(({ url }) => url),
    close: ({ graceSeconds = 0 } = {}) => {
      clearInterval(probing);
      return proxy.close(graceSeconds);
    },
  };
}

/** Longer timers would end at once. Source: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const mostSeconds = 2_147_483;

function requireSeconds(option: string, seconds: number): void {
  if (seconds > 0 && seconds <= mostSeconds) return;
  throw new ProxySettingsError(`${option} is ${seconds}; expected seconds above 0, and ${mostSeconds} at most.`);
}

function startProbing(pool: UpstreamPool, milliseconds: number): NodeJS.Timeout {
  let isProbing = false;
  // Timers are early or late by some milliseconds.
  const oldest = 0.9 * milliseconds;
  const timer = setInterval(async () => {
    if (isProbing) return;
    isProbing = true;
    await pool.probe(oldest);
    isProbing = false;
  }, milliseconds);
  return timer.unref();
}

function isSameHost(upstream: string, host: string): boolean {
  return upstream === host || (isLoopback(upstream) && (isLoopback(host) || host === '0.0.0.0' || host === '::'));
}

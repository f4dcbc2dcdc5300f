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

/** Options for a proxy: address, upstreams, access and limits. */
export interface ProxyOptions extends Omit<GateOptions, 'host' | 'collector'> {
  /** The origins of the upstreams, such as `http://127.0.0.1:11434`. */
  readonly upstreams: readonly string[];
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Port; 0 selects a free port. */
  readonly port: number;
  /**
   * Limits of the circuit breakers. If there are several upstreams, each one has a circuit breaker. By default, a
   * circuit breaker opens after 5 consecutive failures, and stays open for 10 s. A single upstream has no circuit
   * breaker. After `failures` consecutive failures, a single upstream only counts as down.
   */
  readonly breaker?: CircuitBreakerLimits | undefined;
  /** Seconds without a byte of a request body after which the connection is closed; default 300. */
  readonly silentBodySeconds?: number | undefined;
  /** Seconds without contact after which the proxy probes an upstream; default 5. The value 0 disables probes. */
  readonly probeSeconds?: number | undefined;
  /**
   * Maximum time in seconds for a client to read the bytes that wait in its connection; default 60. Then the client is
   * disconnected. With `maxConcurrent`, a client must also send at least 64 KiB of its request body in this time.
   */
  readonly stalledClientSeconds?: number | undefined;
  /**
   * Maximum number of client connections; default 1,024. At the limit, a new connection replaces the one that is idle
   * for longest. If none is idle, the new connection is closed.
   */
  readonly maxConnections?: number | undefined;
  /** Creates an observer for each exchange; by default, exchanges are not observed. */
  readonly observe?: ObserveExchange | undefined;
  /** Collector for the metrics; default the process-wide collector. */
  readonly collector?: MetricsCollector | undefined;
}

/** A running proxy. */
export interface RunningProxy {
  /** The URL for clients. */
  readonly url: string;
  readonly port: number;
  /** The origins of the upstreams. */
  readonly upstreams: readonly string[];
  /** Probes each upstream, updates `tinyllm_proxy_upstream_up`, and resolves with the failures. */
  probe(): Promise<readonly UpstreamError[]>;
  /** Reports the outcome of a request that was sent to an upstream without the proxy. `upstream` is its origin. */
  note(upstream: string, contact: UpstreamContact): void;
  /**
   * Stops accepting requests, waits for running requests up to the grace period, and then closes their connections. The
   * default grace period is 0 s.
   */
  close(options?: { readonly graceSeconds?: number }): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Starts a proxy. It forwards bodies unchanged in both directions as they arrive, and only to its upstreams.
 *
 * @throws {ProxySettingsError} if an upstream is invalid, or a time is out of range.
 * @throws {ListenError} if the proxy cannot listen on the address.
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
    throw new ProxySettingsError(`The upstream ${itself.name} is the proxy itself; change the port of one of them.`);
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

/**
 * The longest delay of a Node timer. A timer with a longer delay fires immediately. Source:
 * https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
const maxTimerSeconds = 2_147_483;

function requireSeconds(option: string, seconds: number): void {
  if (seconds > 0 && seconds <= maxTimerSeconds) return;
  throw new ProxySettingsError(
    `${option} is ${seconds}; expected a number of seconds above 0, at most ${maxTimerSeconds}.`,
  );
}

function startProbing(pool: UpstreamPool, milliseconds: number): NodeJS.Timeout {
  let isProbing = false;
  // The last probe can be a little less than one interval ago, because timers fire some milliseconds early or late. So
  // skip an upstream only if its last contact is less than 90% of the interval ago.
  const maxAge = 0.9 * milliseconds;
  const timer = setInterval(async () => {
    if (isProbing) return;
    isProbing = true;
    await pool.probe(maxAge);
    isProbing = false;
  }, milliseconds);
  return timer.unref();
}

function isSameHost(upstream: string, host: string): boolean {
  return upstream === host || (isLoopback(upstream) && (isLoopback(host) || host === '0.0.0.0' || host === '::'));
}

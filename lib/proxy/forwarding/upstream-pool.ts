import { CircuitBreaker, type CircuitBreakerLimits, type CircuitPermit } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { ProxySettingsError, UpstreamError, type UpstreamFailure } from '../errors/proxy-errors.js';
import { connectTo, requestRoot } from './probe-upstream.js';
import { Upstream } from './upstream.js';
import { type UpstreamContact, UpstreamHealth } from './upstream-health.js';

/** Options for a pool of upstreams. */
export interface UpstreamPoolOptions extends CircuitBreakerLimits {
  readonly urls: readonly string[];
  readonly collector: MetricsCollector;
  /** Returns the time in milliseconds of a monotonic clock; default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** Reserves an upstream for one request. */
export interface Lease {
  readonly upstream: Upstream;
  /** Reports that the response has started. */
  responseStarted(): void;
  /**
   * Reports the end of the request. `aborted`: the client disconnected, which does not affect the health of the
   * upstream.
   */
  end(outcome: 'succeeded' | 'aborted' | UpstreamError): void;
}

const failureReasons: readonly UpstreamFailure[] = ['unreachable', 'timeout', 'broken', 'unavailable'];

/** After this time without requests, a successful probe can close the circuit breaker. */
const idleMilliseconds = 30_000;

/** An upstream with its circuit breaker and its health. */
class PooledUpstream {
  readonly upstream: Upstream;
  readonly breaker: CircuitBreaker | undefined;
  readonly health: UpstreamHealth;
  readonly #collector: MetricsCollector;
  readonly #now: () => number;
  inFlight = 0;
  /** Time of the last contact. */
  #lastContact = Number.NEGATIVE_INFINITY;

  constructor(
    url: string,
    { collector, now = () => performance.now(), ...limits }: Omit<UpstreamPoolOptions, 'urls'>,
    isOneOfSeveral: boolean,
  ) {
    this.upstream = new Upstream(url);
    this.#collector = collector;
    this.#now = now;
    const { name } = this.upstream;
    const { proxyUpstreamUp: up, proxyUpstreamActive, proxyUpstreamFailures } = instrumentsOf(collector);
    const { failures } = limits;
    this.health = new UpstreamHealth({ failures, onChange: (isUp) => up.series(name).set(isUp ? 1 : 0) });
    proxyUpstreamActive.series(name);
    for (const reason of failureReasons) proxyUpstreamFailures.series(name, reason);
    if (!isOneOfSeveral) return;
    const circuitOpen = new Error('the circuit breaker is open');
    this.breaker = new CircuitBreaker({
      ...limits,
      refusal: () => circuitOpen,
      onState: (state) => this.health.setCircuitOpen(state !== 'closed'),
    });
  }

  /**
   * Records the outcome of a request or a probe that began at `began`. `isIdle`: no request was sent for some time. A
   * successful probe may then close the circuit breaker.
   */
  note(contact: UpstreamContact, { isIdle = false, began = this.#now() } = {}): void {
    this.#lastContact = began;
    this.health.note(contact, isIdle);
    if (!isIdle || contact !== 'answered' || this.breaker === undefined || this.breaker.state === 'closed') return;
    try {
      void this.breaker.enter().succeeded();
    } catch {
      // The circuit breaker stays open.
    }
  }

  /** Probes the upstream, unless its last contact is less than `maxAge` milliseconds ago. */
  async probe(maxAge: number, isIdle: boolean): Promise<UpstreamError | undefined> {
    const began = this.#now();
    if (began - this.#lastContact < maxAge) return undefined;
    const { upstream } = this;
    const { isUp } = this.health;
    // A connection is cheaper than a request, but does not prove that a failed upstream works again.
    const problem = await (isUp ? connectTo(upstream) : requestRoot(upstream));
    this.note(problem?.failure ?? (isUp ? 'connected' : 'answered'), { isIdle, began });
    return problem;
  }

  /** Reserves the upstream. Returns `undefined` while its circuit breaker is open. */
  enter(): Lease | undefined {
    try {
      const isTrial = this.breaker !== undefined && this.breaker.state !== 'closed';
      return this.#lease(this.breaker?.enter(), isTrial);
    } catch {
      return undefined;
    }
  }

  /** Reserves the upstream even while its circuit breaker is open. */
  enterAnyway(): Lease {
    return this.#lease(undefined, false);
  }

  #lease(permit: CircuitPermit | undefined, isTrial: boolean): Lease {
    const { upstream } = this;
    const { proxyUpstreamActive, proxyUpstreamFailures } = instrumentsOf(this.#collector);
    let isOver = false;
    let hasReported = false;
    this.inFlight++;
    proxyUpstreamActive.series(upstream.name).increment();
    return {
      upstream,
      responseStarted: () => {
        // The response may still be incomplete.
        this.note('connected');
        // A trial request succeeds as soon as its response starts. The complete response may take minutes, and the
        // circuit breaker rejects all other requests until the trial has a result.
        if (!isTrial) return;
        hasReported = true;
        void permit?.succeeded();
      },
      end: (outcome) => {
        if (isOver) return;
        isOver = true;
        this.inFlight--;
        proxyUpstreamActive.series(upstream.name).decrement();
        if (outcome instanceof UpstreamError) {
          proxyUpstreamFailures.series(upstream.name, outcome.failure).increment();
          this.note(outcome.failure);
        } else if (outcome === 'succeeded') this.note('completed');
        if (hasReported) return;
        if (outcome === 'succeeded') void permit?.succeeded();
        else if (outcome === 'aborted') void permit?.left();
        else void permit?.failed(outcome);
      },
    };
  }
}

/**
 * The upstreams of a proxy. A request is sent to the upstream with the fewest requests in flight.
 *
 * With several upstreams, each has a circuit breaker. After consecutive failures, the upstream gets no requests for
 * some time, and then one trial request. If all circuit breakers are open, the pool selects an upstream anyway. A
 * rejected request always fails, but a request that is sent succeeds if the upstream has recovered.
 */
export class UpstreamPool {
  readonly #members: PooledUpstream[];
  readonly #now: () => number;
  #lastLease = Number.NEGATIVE_INFINITY;

  /** @throws {ProxySettingsError} if there is no upstream, an upstream occurs twice, or a URL is invalid. */
  constructor({ urls, ...options }: UpstreamPoolOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#members = urls.map((url) => new PooledUpstream(url, options, urls.length > 1));
    const names = this.upstreams.map(({ name }) => name);
    const duplicate = names.find((name, place) => names.indexOf(name) !== place);
    if (duplicate !== undefined) throw new ProxySettingsError(`The upstream ${duplicate} occurs twice; remove one.`);
    if (names.length === 0) throw new ProxySettingsError('The proxy has no upstream; pass at least one.');
  }

  get upstreams(): readonly Upstream[] {
    return this.#members.map(({ upstream }) => upstream);
  }

  /** Reserves the upstream for the next request. Returns `undefined` if all upstreams have been tried. */
  lease(tried: readonly Upstream[]): Lease | undefined {
    const [only] = this.#members;
    this.#lastLease = this.#now();
    if (this.#members.length === 1 && tried.length === 0) return only?.enter();
    const remaining = this.#members.filter(({ upstream }) => !tried.includes(upstream));
    remaining.sort((one, other) => one.inFlight - other.inFlight);
    for (const member of remaining) {
      const lease = member.enter();
      if (lease === undefined) continue;
      this.#putLast(member);
      return lease;
    }
    const [next] = remaining;
    if (next !== undefined) this.#putLast(next);
    return next?.enterAnyway();
  }

  /** Records the outcome of a request outside the pool. `url` is the origin of the upstream. */
  note(url: string, contact: UpstreamContact): void {
    this.#members.find(({ upstream }) => upstream.url === url)?.note(contact, { isIdle: this.#isIdle });
  }

  /**
   * Probes the upstreams, and resolves with the failures. Skips upstreams whose last contact is less than `maxAge`
   * milliseconds ago.
   */
  async probe(maxAge = 0): Promise<readonly UpstreamError[]> {
    const isIdle = this.#isIdle;
    const problems = await Promise.all(this.#members.map((member) => member.probe(maxAge, isIdle)));
    return problems.filter((problem) => problem !== undefined);
  }

  get #isIdle(): boolean {
    return this.#now() - this.#lastLease >= idleMilliseconds;
  }

  close(): void {
    for (const { upstream } of this.#members) upstream.close();
  }

  /**
   * Moves an upstream to the end of the list. If several upstreams have equally few requests in flight, the least
   * recently selected upstream is the next one.
   */
  #putLast(member: PooledUpstream): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    this.#members.push(member);
  }
}

import { CircuitBreaker, type CircuitBreakerLimits, type CircuitPermit } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { ProxySettingsError, UpstreamError, type UpstreamFailure } from '../errors/proxy-errors.js';
import { Upstream } from './upstream.js';

/** Which upstreams there are, and where they are counted. */
export interface UpstreamPoolOptions extends CircuitBreakerLimits {
  readonly urls: readonly string[];
  readonly collector: MetricsCollector;
}

/** An upstream for one request, until it is told how that ended. */
export interface Lease {
  readonly upstream: Upstream;
  /** The upstream began to answer. */
  answered(): void;
  /** The request is over: well, badly, or left by its client, which says nothing of the upstream. */
  end(outcome: 'good' | 'left' | UpstreamError): void;
}

const reasons: readonly UpstreamFailure[] = ['unreachable', 'timeout', 'broken', 'unavailable'];

/** One of the upstreams, and what is known of it. */
class Member {
  readonly upstream: Upstream;
  readonly breaker: CircuitBreaker | undefined;
  readonly #collector: MetricsCollector;
  inFlight = 0;

  constructor(url: string, { collector, ...limits }: Omit<UpstreamPoolOptions, 'urls'>, isOneOfSeveral: boolean) {
    this.upstream = new Upstream(url);
    this.#collector = collector;
    const { name } = this.upstream;
    const { proxyUpstreamUp: up, proxyUpstreamActive, proxyUpstreamFailures } = instrumentsOf(collector);
    up.series(name).set(1);
    proxyUpstreamActive.series(name);
    for (const reason of reasons) proxyUpstreamFailures.series(name, reason);
    if (!isOneOfSeveral) return;
    const refusal = new Error('taken out');
    this.breaker = new CircuitBreaker({
      ...limits,
      refusal: () => refusal,
      onState: (state) => up.series(name).set(state === 'closed' ? 1 : 0),
    });
  }

  /** Undefined while it is taken out. */
  enter(): Lease | undefined {
    try {
      const mustProve = this.breaker !== undefined && this.breaker.state !== 'closed';
      return this.#lease(this.breaker?.enter(), mustProve);
    } catch {
      return undefined;
    }
  }

  /** Also while it is taken out. */
  enterAllTheSame(): Lease {
    return this.#lease(undefined, false);
  }

  #lease(permit: CircuitPermit | undefined, mustProve: boolean): Lease {
    const { upstream } = this;
    const { proxyUpstreamActive, proxyUpstreamFailures } = instrumentsOf(this.#collector);
    let isOver = false;
    let isTold = false;
    this.inFlight++;
    proxyUpstreamActive.series(upstream.name).increment();
    return {
      upstream,
      answered: () => {
        // The others wait for what this one request shows, which may go on for minutes.
        if (!mustProve) return;
        isTold = true;
        void permit?.succeeded();
      },
      end: (outcome) => {
        if (isOver) return;
        isOver = true;
        this.inFlight--;
        proxyUpstreamActive.series(upstream.name).decrement();
        if (outcome instanceof UpstreamError) proxyUpstreamFailures.series(upstream.name, outcome.failure).increment();
        if (isTold) return;
        if (outcome === 'good') void permit?.succeeded();
        else if (outcome === 'left') void permit?.left();
        else void permit?.failed(outcome);
      },
    };
  }
}

/**
 * The upstreams of a proxy: a request goes to the one with the fewest in flight.
 *
 * Of several, one that fails again and again is taken out for a while, and then gets a request to show itself. When all
 * are out all are asked: that shows sooner who is back, and refusing would help nobody.
 */
export class UpstreamPool {
  readonly #members: Member[];

  /** @throws {ProxySettingsError} when there is none, one is given twice, or a URL is wrong. */
  constructor({ urls, ...options }: UpstreamPoolOptions) {
    this.#members = urls.map((url) => new Member(url, options, urls.length > 1));
    const names = this.upstreams.map(({ name }) => name);
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new ProxySettingsError(`The upstream ${twice} was given twice; give it once.`);
    if (names.length === 0) throw new ProxySettingsError('The proxy got no upstream; expected at least one.');
  }

  get upstreams(): readonly Upstream[] {
    return this.#members.map(({ upstream }) => upstream);
  }

  /** The upstream for the next request, or undefined when all have been tried. */
  lease(tried: readonly Upstream[]): Lease | undefined {
    const [only] = this.#members;
    if (this.#members.length === 1 && tried.length === 0) return only?.enter();
    const left = this.#members.filter(({ upstream }) => !tried.includes(upstream));
    left.sort((one, other) => one.inFlight - other.inFlight);
    for (const member of left) {
      const lease = member.enter();
      if (lease === undefined) continue;
      this.#putLast(member);
      return lease;
    }
    return left[0]?.enterAllTheSame();
  }

  close(): void {
    for (const { upstream } of this.#members) upstream.close();
  }

  /** Of those with as many in flight the one goes next that was chosen the longest ago. */
  #putLast(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    this.#members.push(member);
  }
}

import { CircuitBreaker, type CircuitBreakerLimits, type CircuitPermit } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { ProxySettingsError, UpstreamError, type UpstreamFailure } from '../errors/proxy-errors.js';
import { askUpstream, connectTo } from './probe-upstream.js';
import { Upstream } from './upstream.js';
import { type UpstreamContact, UpstreamHealth } from './upstream-health.js';

/** Which upstreams there are, and where they are counted. */
export interface UpstreamPoolOptions extends CircuitBreakerLimits {
  readonly urls: readonly string[];
  readonly collector: MetricsCollector;
  /** In milliseconds, on a clock that never goes back; default `performance.now`. */
  readonly now?: (() => number) | undefined;
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

/** After so many milliseconds without a request, a successful probe closes the circuit breaker as a request would. */
const idleAfter = 30_000;

/** One of the upstreams, and what is known of it. */
class Member {
  readonly upstream: Upstream;
  readonly breaker: CircuitBreaker | undefined;
  readonly health: UpstreamHealth;
  readonly #collector: MetricsCollector;
  readonly #now: () => number;
  inFlight = 0;
  /** When its last contact was. */
  #seen = Number.NEGATIVE_INFINITY;

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
    for (const reason of reasons) proxyUpstreamFailures.series(name, reason);
    if (!isOneOfSeveral) return;
    const refusal = new Error('taken out');
    this.breaker = new CircuitBreaker({
      ...limits,
      refusal: () => refusal,
      onState: (state) => this.health.takeOut(state !== 'closed'),
    });
  }

  /** Records a contact that began at `began`. `isIdle`: no requests have come for some time, so that a probe may close the circuit breaker. */
  note(contact: UpstreamContact, { isIdle = false, began = this.#now() } = {}): void {
    this.#seen = began;
    this.health.note(contact, isIdle);
    if (!isIdle || contact !== 'answered' || this.breaker === undefined || this.breaker.state === 'closed') return;
    try {
      void this.breaker.enter().succeeded();
    } catch {
      // It is taken out for some time more.
    }
  }

  /** Looks whether it responds, unless its last contact is no older than so many milliseconds. */
  async probe(oldest: number, isIdle: boolean): Promise<UpstreamError | undefined> {
    const began = this.#now();
    if (began - this.#seen < oldest) return undefined;
    const { upstream } = this;
    const { isUp } = this.health;
    // A connection costs an upstream less than a request, but does not show that one that failed is back.
    const problem = await (isUp ? connectTo(upstream) : askUpstream(upstream));
    this.note(problem?.failure ?? (isUp ? 'connected' : 'answered'), { isIdle, began });
    return problem;
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
        // The response may still break off.
        this.note('connected');
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
        if (outcome instanceof UpstreamError) {
          proxyUpstreamFailures.series(upstream.name, outcome.failure).increment();
          this.note(outcome.failure);
        } else if (outcome === 'good') this.note('completed');
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
  readonly #now: () => number;
  #lastLease = Number.NEGATIVE_INFINITY;

  /** @throws {ProxySettingsError} when there is none, one is given twice, or a URL is wrong. */
  constructor({ urls, ...options }: UpstreamPoolOptions) {
    this.#now = options.now ?? (() => performance.now());
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
    this.#lastLease = this.#now();
    if (this.#members.length === 1 && tried.length === 0) return only?.enter();
    const left = this.#members.filter(({ upstream }) => !tried.includes(upstream));
    left.sort((one, other) => one.inFlight - other.inFlight);
    for (const member of left) {
      const lease = member.enter();
      if (lease === undefined) continue;
      this.#putLast(member);
      return lease;
    }
    const [next] = left;
    if (next !== undefined) this.#putLast(next);
    return next?.enterAllTheSame();
  }

  /** Takes note of what a request outside the pool showed of the upstream with this origin. */
  note(url: string, contact: UpstreamContact): void {
    this.#members.find(({ upstream }) => upstream.url === url)?.note(contact, { isIdle: this.#isIdle });
  }

  /** Looks which upstreams respond, and resolves with the failures; leaves out those with a contact in the last milliseconds. */
  async probe(oldest = 0): Promise<readonly UpstreamError[]> {
    const isIdle = this.#isIdle;
    const problems = await Promise.all(this.#members.map((member) => member.probe(oldest, isIdle)));
    return problems.filter((problem) => problem !== undefined);
  }

  get #isIdle(): boolean {
    return this.#now() - this.#lastLease >= idleAfter;
  }

  close(): void {
    for (const { upstream } of this.#members) upstream.close();
  }

  /** Among upstreams with equally many requests in flight, the one that was chosen longest ago is next. */
  #putLast(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    this.#members.push(member);
  }
}

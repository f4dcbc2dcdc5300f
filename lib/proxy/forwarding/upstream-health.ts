import type { UpstreamFailure } from '../errors/proxy-errors.js';

/**
 * The result of a contact with an upstream. A contact is a request or a probe.
 *
 * - `completed`: a request got its complete response.
 * - `answered`: a probe got a response.
 * - `connected`: a connection was opened, or a response has started.
 * - An {@link UpstreamFailure}: the contact failed.
 */
export type UpstreamContact = 'completed' | 'answered' | 'connected' | UpstreamFailure;

/** Options for the health of an upstream. */
export interface UpstreamHealthOptions {
  /** Consecutive failures after which an upstream is down, even if it accepts connections; default 5. */
  readonly failures?: number | undefined;
  readonly onChange: (isUp: boolean) => void;
}

/**
 * Whether an upstream is up, according to its last contacts.
 *
 * An upstream is down after a failed connection, after several consecutive failures, and while its circuit breaker is
 * not closed.
 */
export class UpstreamHealth {
  readonly #failures: number;
  readonly #onChange: (isUp: boolean) => void;
  #consecutiveFailures = 0;
  #isConnectable = true;
  #isCircuitOpen = false;
  #wasUp = true;

  constructor({ failures = 5, onChange }: UpstreamHealthOptions) {
    this.#failures = failures;
    this.#onChange = onChange;
    onChange(true);
  }

  get isUp(): boolean {
    return this.#isConnectable && !this.#isCircuitOpen && this.#consecutiveFailures < this.#failures;
  }

  /**
   * Records a contact. `isIdle`: no request was sent for some time. If `isIdle` is `false`, a successful probe doesn't
   * reset the failures.
   */
  note(contact: UpstreamContact, isIdle: boolean): void {
    this.#isConnectable = contact !== 'unreachable' && contact !== 'timeout';
    // An upstream that accepts connections and responds to probes may still fail each request.
    if (contact === 'completed' || (contact === 'answered' && isIdle)) this.#consecutiveFailures = 0;
    else if (contact === 'broken' || contact === 'unavailable') this.#consecutiveFailures++;
    this.#update();
  }

  /** Updates the state of the circuit breaker. */
  setCircuitOpen(isCircuitOpen: boolean): void {
    this.#isCircuitOpen = isCircuitOpen;
    this.#update();
  }

  #update(): void {
    const { isUp } = this;
    if (isUp === this.#wasUp) return;
    this.#wasUp = isUp;
    this.#onChange(isUp);
  }
}

import type { UpstreamFailure } from '../errors/proxy-errors.js';

/**
 * The result of a request or a probe: a complete response, a response to a probe, a connection or the headers of a response, or
 * a failure.
 */
export type UpstreamContact = 'completed' | 'answered' | 'connected' | UpstreamFailure;

/** What the state of an upstream depends on. */
export interface UpstreamHealthOptions {
  /** The failures in a row after which an upstream is down although it accepts connections; default 5. */
  readonly failures?: number | undefined;
  readonly onChange: (isUp: boolean) => void;
}

/**
 * Whether an upstream is up, by its last contacts.
 *
 * It is down after a connection that failed, after several failures in a row, and while its circuit breaker is not closed.
 */
export class UpstreamHealth {
  readonly #failures: number;
  readonly #onChange: (isUp: boolean) => void;
  #failuresInARow = 0;
  #isConnectable = true;
  #isTakenOut = false;
  #wasUp = true;

  constructor({ failures = 5, onChange }: UpstreamHealthOptions) {
    this.#failures = failures;
    this.#onChange = onChange;
    onChange(true);
  }

  get isUp(): boolean {
    return this.#isConnectable && !this.#isTakenOut && this.#failuresInARow < this.#failures;
  }

  /** Records a contact. `isIdle`: no requests have come for some time, so that a probe is the best evidence. */
  note(contact: UpstreamContact, isIdle: boolean): void {
    this.#isConnectable = contact !== 'unreachable' && contact !== 'timeout';
    // An upstream that accepts connections and responds to probes may still fail each request.
    if (contact === 'completed' || (contact === 'answered' && isIdle)) this.#failuresInARow = 0;
    else if (contact === 'broken' || contact === 'unavailable') this.#failuresInARow++;
    this.#update();
  }

  /** The circuit breaker has changed. */
  takeOut(isTakenOut: boolean): void {
    this.#isTakenOut = isTakenOut;
    this.#update();
  }

  #update(): void {
    const { isUp } = this;
    if (isUp === this.#wasUp) return;
    this.#wasUp = isUp;
    this.#onChange(isUp);
  }
}

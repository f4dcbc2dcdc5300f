import type { UpstreamFailure } from '../errors/proxy-errors.js';

/** What a request or a probe showed of an upstream: it answered, accepted a connection, or failed. */
export type UpstreamContact = 'answered' | 'connected' | UpstreamFailure;

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

  note(contact: UpstreamContact): void {
    this.#isConnectable = contact !== 'unreachable' && contact !== 'timeout';
    if (contact === 'answered') this.#failuresInARow = 0;
    // An upstream that accepts connections may still fail each request.
    else if (contact !== 'connected') this.#failuresInARow++;
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

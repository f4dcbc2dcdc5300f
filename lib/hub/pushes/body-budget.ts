import { PushRefused } from './push-refused.js';
import { Turns } from './turns.js';

/** Limits the bytes of all pushes that are being read or stored, over all connections. */
export class BodyBudget {
  #bytes = 0;
  readonly #turns = new Turns();

  /** `most` is in bytes. */
  constructor(private readonly most: number) {}

  /** Bytes of all shares. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A share for one push. */
  open(): BodyShare {
    let bytes = 0;
    return {
      reserve: (more) => {
        if (this.#bytes + more > this.most) {
          throw new PushRefused(503, `the pushes being read take more than ${this.most} bytes; try again.`);
        }
        bytes += more;
        this.#bytes += more;
      },
      inTurn: (operation) => this.#turns.take(operation),
      release: () => {
        this.#bytes -= bytes;
        bytes = 0;
      },
    };
  }
}

/** The bytes of one push. */
export interface BodyShare {
  /** @throws {PushRefused} with status 503 if all pushes together would take too many bytes. */
  reserve(bytes: number): void;
  /** Runs an operation that needs memory beyond the budget after all earlier ones of other pushes. */
  inTurn<Result>(operation: () => Promise<Result>): Promise<Result>;
  /** Returns all bytes of the share. */
  release(): void;
}

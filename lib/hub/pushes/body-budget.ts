import { OperationQueue } from './operation-queue.js';
import { PushRefused } from './push-refused.js';

/** Limits the bytes of all pushes that are being read or stored on all connections. */
export class BodyBudget {
  #bytes = 0;
  readonly #queue = new OperationQueue();

  /** @param maxBytes Maximum total bytes of all shares. */
  constructor(private readonly maxBytes: number) {}

  /** The bytes of all shares. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Opens a share for one push. */
  open(): BodyShare {
    let bytes = 0;
    return {
      reserve: (more) => {
        if (this.#bytes + more > this.maxBytes) {
          throw new PushRefused(503, `the pushes being read take more than ${this.maxBytes} bytes; retry later.`);
        }
        bytes += more;
        this.#bytes += more;
      },
      runInOrder: (operation) => this.#queue.run(operation),
      release: () => {
        this.#bytes -= bytes;
        bytes = 0;
      },
    };
  }
}

/** The bytes of one push. */
export interface BodyShare {
  /**
   * Adds bytes to the share.
   *
   * @throws {PushRefused} with status 503 if all pushes together would take too many bytes.
   */
  reserve(bytes: number): void;
  /** Runs an operation that needs memory beyond the budget. These operations run one after the other for all pushes. */
  runInOrder<Result>(operation: () => Promise<Result>): Promise<Result>;
  /** Returns all bytes of the share. */
  release(): void;
}

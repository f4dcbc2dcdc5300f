import type { Output } from '../terminal/output.js';

/** What a command is given besides its options. */
export interface CommandContext {
  readonly output: Output;
  /** Aborted by Ctrl-C, by SIGTERM, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;

  /** Lets the command take this many seconds to end once it is ended early; without it, and at least, 2. */
  allowSeconds(seconds: number): void;

  /**
   * Takes a step for after the command has ended and its failure, if any, has been told: to linger, to close
   * a server. The last one taken runs first, also after an abort.
   */
  afterwards(step: () => Promise<void>): void;
}

import type { Output } from '../terminal/output.js';

/** The services a command gets in addition to its options. */
export interface CommandContext {
  readonly output: Output;
  /** Aborted by Ctrl-C, by SIGTERM, and when the reader of stdout exits. */
  readonly signal: AbortSignal;

  /**
   * Gives the command at least this many seconds to finish after the signal is aborted. The default, which is also the
   * minimum, is 2.
   */
  ensureGraceSeconds(seconds: number): void;

  /**
   * Adds a step that runs when the command has ended and its failure has been printed, such as closing a server.
   *
   * Steps run in reverse order, also after an abort.
   */
  defer(step: () => Promise<void>): void;
}

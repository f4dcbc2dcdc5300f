import type { Options, PositionalOptions } from 'yargs';
import type { CommandContext } from '../command-context.js';
import type { Given } from '../given.js';

/** A command as the command line knows it. */
export interface CommandDeclaration {
  /** Its words: `run`, `graph check`. */
  readonly name: string;
  readonly summary: string;
  /** The argument it takes beside flags; `<file>` must be there, `[file]` may be, `..` means several words. */
  readonly argument?: { readonly usage: string; readonly name: string } & PositionalOptions;
  readonly flags: Readonly<Record<string, Options>>;
  /** What to type, and what that does. */
  readonly example: readonly [string, string];
  /** Checks what was given; the function it returns imports the command and calls it. */
  readonly read: (given: Given) => (context: CommandContext) => Promise<void>;
}

import type { PositionalOptions } from 'yargs';
import type { CommandContext } from './command-context.js';
import type { VariableName } from './environment-variables.js';
import type { Flags } from './flag.js';
import type { Given } from './given.js';

/** The argument of a command. */
export interface CommandArgument extends PositionalOptions {
  /** `<file>` must be there, `[file]` may be, `..` means several words. */
  readonly usage: string;
  readonly name: string;
  /** The words it takes, where these can be listed: a shell completes them. */
  readonly accepts?: readonly string[];
}

/** A command as the command line knows it. */
export interface CommandDeclaration {
  /** Its words: `run`, `graph check`. */
  readonly name: string;
  /** What it does, in a line of a list. */
  readonly summary: string;
  /** What else there is to say of it. */
  readonly details?: string;
  /** The argument it takes beside flags. */
  readonly argument?: CommandArgument;
  readonly flags: Flags;
  /** What it reads of the environment. */
  readonly variables?: readonly VariableName[];
  /** When its exit code is 1; default that it failed. */
  readonly failure?: string;
  /** What to type, and what that does. */
  readonly example: readonly [string, string];
  /** Checks what was given; the function it returns imports the command and calls it. */
  readonly read: (given: Given) => (context: CommandContext) => Promise<void>;
}

import type { PositionalOptions } from 'yargs';
import type { CommandArguments } from './command-arguments.js';
import type { CommandContext } from './command-context.js';
import type { VariableName } from './environment-variables.js';
import type { Flags } from './flag.js';

/** The positional argument of a command. */
export interface CommandArgument extends PositionalOptions {
  /** `<file>` is required, `[file]` is optional, and `..` means several words. */
  readonly usage: string;
  readonly name: string;
  /** The valid values, for shell completion. Undefined if there is no fixed list. */
  readonly accepts?: readonly string[];
}

/** The declaration of a command. */
export interface CommandDeclaration {
  /** One or two words: `run`, `graph check`. */
  readonly name: string;
  /** One line for lists of commands. */
  readonly summary: string;
  /** More text for the help of the command. */
  readonly details?: string;
  /** The positional argument, if the command has one. */
  readonly argument?: CommandArgument;
  readonly flags: Flags;
  /** The environment variables that the command reads. */
  readonly variables?: readonly VariableName[];
  /** The meaning of exit code 1. Default: the command failed. */
  readonly failure?: string;
  /** A command line and its purpose. */
  readonly example: readonly [string, string];
  /** Another command line and its purpose. */
  readonly secondExample?: readonly [string, string];
  /** Checks the arguments. The returned function imports and calls the command. */
  readonly read: (args: CommandArguments) => (context: CommandContext) => Promise<void>;
}

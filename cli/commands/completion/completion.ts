import type { CommandContext } from '../command-context.js';
import { bashCompletion } from '../completion/bash.js';
import { completedCommands } from '../completion/completed-command.js';
import { fishCompletion } from '../completion/fish.js';
import type { Shell } from '../completion/shells.js';
import { zshCompletion } from '../completion/zsh.js';
import type { CommandDeclaration } from '../declarations/declaration.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the script by which a shell completes command lines. */
export async function completion(
  shell: Shell,
  commands: readonly CommandDeclaration[],
  { output }: CommandContext,
): Promise<void> {
  output.text(scripts[shell](completedCommands(commands)));
}

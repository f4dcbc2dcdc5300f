import type { CommandContext } from '../../command/command-context.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { bashCompletion } from './bash.js';
import { completedCommands } from './completed-command.js';
import { fishCompletion } from './fish.js';
import type { Shell } from './shells.js';
import { zshCompletion } from './zsh.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the completion script of a shell. */
export async function completion(
  shell: Shell,
  commands: readonly CommandDeclaration[],
  { output }: CommandContext,
): Promise<void> {
  output.text(scripts[shell](completedCommands(commands)));
}

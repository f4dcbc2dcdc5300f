import { type CommandArguments, quoted } from '../../command/command-arguments.js';
import { debug } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { type Shell, shells } from './shells.js';

/**
 * `tinyllm completion`.
 *
 * @param commands Returns all commands, including this one.
 */
export function completionCommand(commands: () => readonly CommandDeclaration[]): CommandDeclaration {
  return {
    name: 'completion',
    summary: 'Print the completion script of a shell',
    details: 'The script contains all commands, flags and choices, so completion does not start tinyllm.',
    argument: {
      usage: '<shell>',
      name: 'shell',
      type: 'string',
      accepts: shells,
      describe: `Name of the shell: ${shells.join(', ')}`,
    },
    flags: { debug },
    example: [
      'eval "$(tinyllm completion bash)"',
      'Enable completion in this shell. To enable it in every new shell, add this line to ~/.bashrc',
    ],
    read: (args) => {
      const shell = readShell(args);
      return async (context) => (await import('./completion.js')).completion(shell, commands(), context);
    },
  };
}

function readShell(args: CommandArguments): Shell {
  const expected = `one of ${shells.join(', ')}`;
  const word = args.word('shell', expected);
  const shell = shells.find((one) => one === word);
  if (shell !== undefined) return shell;
  throw args.usageError(`completion got ${word === undefined ? 'no shell' : quoted(word)}; expected ${expected}.`);
}

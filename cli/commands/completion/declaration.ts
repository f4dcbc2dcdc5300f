import { debug } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { type Given, quoted } from '../../command/given.js';
import { type Shell, shells } from './shells.js';

/**
 * `tinyllm completion`.
 *
 * @param commands Gives what is to be completed, this command among it.
 */
export function completionOf(commands: () => readonly CommandDeclaration[]): CommandDeclaration {
  return {
    name: 'completion',
    summary: 'Print what makes a shell complete command lines',
    details: 'What it prints holds every command, flag and choice, so that a shell completes without starting tinyllm.',
    argument: {
      usage: '<shell>',
      name: 'shell',
      type: 'string',
      accepts: shells,
      describe: `The shell: ${shells.join(', ')}`,
    },
    flags: { debug },
    example: ['eval "$(tinyllm completion bash)"', 'Complete in this shell; in ~/.bashrc, in all'],
    read: (given) => {
      const shell = readShell(given);
      return async (context) => (await import('./completion.js')).completion(shell, commands(), context);
    },
  };
}

function readShell(given: Given): Shell {
  const expected = `one of ${shells.join(', ')}`;
  const word = given.word('shell', expected);
  const shell = shells.find((one) => one === word);
  if (shell !== undefined) return shell;
  throw given.wrong(`completion got ${word === undefined ? 'no shell' : quoted(word)}; expected ${expected}.`);
}

import type { CommandDeclaration } from '../command/declaration.js';
import { environmentVariables } from '../command/environment-variables.js';

/** The start of `tinyllm --help`. */
export const overview =
  '$0 <command> [flags]\n\nPrometheus metrics for LLM executors, and a small graph executor.\n\nCommands:';

/**
 * The text of the help that is replaced by the command list. yargs itself would list only groups, not the commands in
 * them.
 */
export const commandListPlaceholder = 'Commands:\n\nFlags:';

/** Lists all commands, one per line. */
export function commandList(commands: readonly CommandDeclaration[]): string {
  const names = commands.map(({ name, argument }) => joinWords(name, argument?.usage));
  const width = Math.max(...names.map(({ length }) => length));
  const lines = commands.map(({ summary }, index) => `  ${names[index]?.padEnd(width)}  ${summary}`);
  return ['Commands:', ...lines].join('\n');
}

/** The end of `tinyllm --help`. */
export const overviewEpilogue = [
  'Environment:',
  '  NO_COLOR\t  If not empty, disables colours',
  '  FORCE_COLOR\t  Enables colours also without a terminal; 0 disables them',
  '',
  'For flags, environment variables and exit codes: tinyllm <command> --help',
].join('\n');

/** The start of the help of a command. */
export function usage({ name, argument, summary, details }: CommandDeclaration): string {
  const paragraphs = [`$0 ${joinWords(name, argument?.usage, '[flags]')}`, `${summary}.`, details];
  return paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n');
}

/** The end of the help of a command: its environment variables and exit codes. */
export function epilogue({
  variables = [],
  failure = 'The command failed; see the error on stderr',
}: CommandDeclaration): string {
  const environment = variables.map((name) => `  ${name}\t  ${environmentVariables[name]}`);
  return [
    ...(environment.length === 0 ? [] : ['Environment:', ...environment, '']),
    'Exit codes:',
    // yargs aligns all lines with tabs in one table. The names of variables would leave too little space for these texts.
    '  0         Success',
    `  1         ${failure}`,
    '  2         The command line is invalid; the command did nothing',
    '  130, 143  Ended by Ctrl-C or SIGTERM',
  ].join('\n');
}

function joinWords(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

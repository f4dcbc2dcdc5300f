import type { CommandDeclaration } from '../command/declaration.js';
import { environmentVariables } from '../command/environment-variables.js';

/** What `tinyllm --help` begins with. */
export const overview =
  '$0 <command> [flags]\n\nPrometheus metrics for LLM executors, and a small executor of graphs.\n\nCommands:';

/** Where in it the list of commands goes: yargs would list groups, and not the commands in them. */
export const overviewGap = 'Commands:\n\nFlags:';

/** All commands, a line each. */
export function listOf(commands: readonly CommandDeclaration[]): string {
  const names = commands.map(({ name, argument }) => words(name, argument?.usage));
  const width = Math.max(...names.map(({ length }) => length));
  const lines = commands.map(({ summary }, index) => `  ${names[index]?.padEnd(width)}  ${summary}`);
  return ['Commands:', ...lines].join('\n');
}

/** What `tinyllm --help` ends with. */
export const overviewEnd = [
  'Environment:',
  '  NO_COLOR\t  Not empty: no colours',
  '  FORCE_COLOR\t  Colours also where there is no terminal; 0 for none at all',
  '',
  'tinyllm <command> --help says more of a command: its flags, environment, exit codes.',
].join('\n');

/** What the help of a command begins with. */
export function usage({ name, argument, summary, details }: CommandDeclaration): string {
  const paragraphs = [`$0 ${words(name, argument?.usage, '[flags]')}`, `${summary}.`, details];
  return paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n');
}

/** What the help of a command ends with: what it reads of the environment, and what its exit codes say. */
export function ending({ variables = [], failure = 'It failed; stderr says why' }: CommandDeclaration): string {
  const environment = variables.map((name) => `  ${name}\t  ${environmentVariables[name]}`);
  return [
    ...(environment.length === 0 ? [] : ['Environment:', ...environment, '']),
    'Exit codes:',
    '  0\t  It did what it was asked to',
    `  1\t  ${failure}`,
    '  2\t  The command line was wrong, and nothing was done',
    '  130, 143\t  Ctrl-C or SIGTERM ended it',
  ].join('\n');
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

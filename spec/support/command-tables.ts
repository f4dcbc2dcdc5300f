import type { CommandDeclaration } from '../../cli/command/declaration.js';
import { environmentVariables, type VariableName } from '../../cli/command/environment-variables.js';
import { commands } from '../../cli/program/declarations.js';
import { markdownTable } from './documents.js';

/** Every command with its flags, as docs/command-line.md shows them. */
export function commandTables(): string {
  const list = markdownTable([
    ['command', 'does'],
    ...commands.map((command) => [
      `[\`${callOf(command)}\`](#tinyllm-${command.name.replaceAll(' ', '-')})`,
      command.summary,
    ]),
  ]);
  return [list, ...commands.map(sectionOf)].join('\n\n');
}

/** What of the environment is read, and by which commands. */
export function environmentTable(): string {
  const readers = (variable: VariableName): string =>
    commands
      .filter(({ variables = [] }) => variables.includes(variable))
      .map(({ name }) => `\`${name}\``)
      .join(', ');
  return markdownTable([
    ['variable', 'says', 'read by'],
    ...(Object.entries(environmentVariables) as [VariableName, string][]).map(([variable, says]) => [
      `\`${variable}\``,
      says,
      readers(variable),
    ]),
  ]);
}

function sectionOf({ name, summary, details, argument, flags, variables = [], failure, example }: CommandDeclaration) {
  const said = [
    `${summary}.`,
    details,
    argument?.describe === undefined ? undefined : `\`${argument.usage}\` is ${lowered(argument.describe)}.`,
    variables.length === 0
      ? undefined
      : `Reads ${variables.map((one) => `\`${one}\``).join(', ')} of the [environment](configuration.md#environment).`,
    failure === undefined ? undefined : `Exit code 1: ${lowered(failure)}.`,
  ];
  return [
    `## tinyllm ${name}`,
    said.filter((one) => one !== undefined).join(' '),
    markdownTable([
      ['flag', 'does', 'default'],
      ...Object.entries(flags).map(([flag, { describe = '', defaultDescription = '', type }]) => [
        `\`--${flag}\``,
        describe,
        defaultDescription || (type === 'boolean' ? 'off' : '–'),
      ]),
    ]),
    `${example[1]}:`,
    ['```bash', example[0].replace(/\btinyllm /, 'npx tinyllm '), '```'].join('\n'),
  ].join('\n\n');
}

function callOf({ name, argument }: CommandDeclaration): string {
  return [name, argument?.usage].filter((part) => part !== undefined).join(' ');
}

function lowered(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

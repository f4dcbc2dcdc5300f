import type { CommandDeclaration } from '../../cli/command/declaration.js';
import { environmentVariables, type VariableName } from '../../cli/command/environment-variables.js';
import { commands } from '../../cli/program/declarations.js';
import { markdownTable } from './documents.js';

/** The sections of all commands with their flags, for docs/command-line.md. */
export function commandTables(): string {
  const list = markdownTable([
    ['command', 'purpose'],
    ...commands.map((command) => [
      `[\`${usageOf(command)}\`](#tinyllm-${command.name.replaceAll(' ', '-')})`,
      command.summary,
    ]),
  ]);
  return [list, ...commands.map(sectionOf)].join('\n\n');
}

/** The table of environment variables, with the commands that read them. */
export function environmentTable(): string {
  const readers = (variable: VariableName): string =>
    commands
      .filter(({ variables = [] }) => variables.includes(variable))
      .map(({ name }) => `\`${name}\``)
      .join(', ');
  return markdownTable([
    ['variable', 'meaning', 'read by'],
    ...(Object.entries(environmentVariables) as [VariableName, string][]).map(([variable, meaning]) => [
      `\`${variable}\``,
      meaning,
      readers(variable),
    ]),
  ]);
}

function sectionOf(declaration: CommandDeclaration) {
  const { name, summary, details, argument, flags, variables = [], failure } = declaration;
  const sentences = [
    `${summary}.`,
    details,
    argument?.describe === undefined ? undefined : `\`${argument.usage}\`: ${withLowerCaseStart(argument.describe)}.`,
    variables.length === 0
      ? undefined
      : `Reads ${variables.map((one) => `\`${one}\``).join(', ')} of the [environment](configuration.md#environment).`,
    failure === undefined ? undefined : `Exit code 1: ${withLowerCaseStart(failure)}.`,
  ];
  return [
    `## tinyllm ${name}`,
    sentences.filter((one) => one !== undefined).join(' '),
    markdownTable([
      ['flag', 'description', 'default'],
      ...Object.entries(flags).map(([flag, { describe = '', defaultDescription = '', type }]) => [
        `\`--${flag}\``,
        describe,
        defaultDescription || (type === 'boolean' ? 'off' : '–'),
      ]),
    ]),
    ...examplesOf(declaration),
  ].join('\n\n');
}

function examplesOf({ example, secondExample }: CommandDeclaration): readonly string[] {
  const examples = secondExample === undefined ? [example] : [example, secondExample];
  return examples.flatMap(([command, purpose]) => [
    `${purpose}:`,
    ['```bash', command.replace(/\btinyllm /, 'npx tinyllm '), '```'].join('\n'),
  ]);
}

function usageOf({ name, argument }: CommandDeclaration): string {
  return [name, argument?.usage].filter((part) => part !== undefined).join(' ');
}

function withLowerCaseStart(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

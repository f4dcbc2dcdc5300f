import type { CommandDeclaration } from '../../cli/declarations/declaration.js';
import { commands } from '../../cli/declarations.js';
import { markdownTable } from './documents.js';

/** Every command with its flags, as docs/command-line.md shows them. */
export function commandTables(): string {
  const list = markdownTable([
    ['command', 'does'],
    ...commands.map((command) => [`[\`${callOf(command)}\`](#${anchorOf(command)})`, command.summary]),
  ]);
  return [list, ...commands.map(sectionOf)].join('\n\n');
}

function sectionOf(command: CommandDeclaration): string {
  const { name, summary, argument, flags, example } = command;
  const said = argument?.describe === undefined ? '' : ` \`${argument.usage}\`: ${lowered(argument.describe)}.`;
  return [
    `## tinyllm ${name}`,
    `${summary}.${said}`,
    markdownTable([
      ['flag', 'does', 'default'],
      ...Object.entries(flags).map(([flag, { describe = '', defaultDescription = '', type }]) => [
        `\`--${flag}\``,
        describe,
        defaultDescription || (type === 'boolean' ? 'off' : '–'),
      ]),
    ]),
    `${example[1]}:`,
    ['```bash', `npx ${example[0]}`, '```'].join('\n'),
  ].join('\n\n');
}

function callOf({ name, argument }: CommandDeclaration): string {
  return [name, argument?.usage].filter((part) => part !== undefined).join(' ');
}

function anchorOf({ name }: CommandDeclaration): string {
  return `tinyllm-${name.replaceAll(' ', '-')}`;
}

function lowered(text: string): string {
  return text.replace(/^(?:[A-Z])(?=[a-z ])/, (letter) => letter.toLowerCase());
}

import { nearest, VERSION } from 'tinyllm/configuration';
import yargs, { type Argv } from 'yargs';
import type { CommandContext } from '../command/command-context.js';
import type { CommandDeclaration } from '../command/declaration.js';
import { Given, quoted } from '../command/given.js';
import { UsageError } from '../errors/usage-error.js';
import { commands, groups } from './declarations.js';
import { ending, listOf, overview, overviewEnd, overviewGap, usage } from './help-text.js';

/** What a command line asks for. */
export type Program = TextProgram | CommandProgram;

/** To print help or the version. */
export interface TextProgram {
  readonly kind: 'text';
  readonly text: string;
  /** Whether it was asked for; if not, the use was wrong. */
  readonly asked: boolean;
}

/** To run a command whose options have been checked. */
export interface CommandProgram {
  readonly kind: 'command';
  readonly execute: (context: CommandContext) => Promise<void>;
}

type Values = Readonly<Record<string, unknown>>;

interface Parsed {
  readonly values: Values;
  readonly command: CommandDeclaration | undefined;
  /** Help or the version, when that was asked for. */
  readonly text: string;
}

/** Reads a command line, without running anything. Throws a `UsageError`. */
export function readProgram(given: readonly string[]): Program {
  const args = joinStandardInput(given);
  const { values, command, text } = parse(args);
  if (text !== '') return { kind: 'text', text, asked: true };
  if (command !== undefined) {
    refuseUnknownFlags(values, command);
    refuseOddSwitches(args, command);
    return { kind: 'command', execute: command.read(new Given(command.name, values)) };
  }
  const words = Array.isArray(values._) ? values._.map(String) : [];
  if (words[0] === 'help') return readProgram([...words.slice(1), '--help']);
  const group = words[0] !== undefined && Object.hasOwn(groups, words[0]) ? words[0] : '';
  const unknown = words[group === '' ? 0 : 1];
  if (unknown !== undefined) throw unknownCommand(unknown, group);
  refuseUnknownFlags(values, undefined, group);
  if (group !== '') throw missingCommand(group);
  return { kind: 'text', text: parse([...words, '--help']).text, asked: false };
}

/** yargs takes a dash that stands alone for a word of its own; after a flag it is that flag's: standard input. */
function joinStandardInput(args: readonly string[]): readonly string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const isJoined = (place: number): boolean => place < end && args[place] === '-' && args[place - 1] === '--file';
  return args.flatMap((arg, place) => (isJoined(place) ? [] : isJoined(place + 1) ? [`${arg}=-`] : [arg]));
}

function parse(args: readonly string[]): Parsed {
  let command: CommandDeclaration | undefined;
  let text = '';
  const declare = (parser: Argv, group: string): Argv => {
    for (const declaration of commandsIn(group)) {
      const words = [wordIn(group, declaration), declaration.argument?.usage ?? ''].join(' ').trim();
      const take = (): void => {
        command = declaration;
      };
      // At the top our own list stands, which has the commands of groups as well.
      if (group === '') parser.command(words, false, (inner) => build(inner, declaration), take);
      else parser.command(words, declaration.summary, (inner) => build(inner, declaration), take);
    }
    return parser;
  };

  const parser = declare(yargs([...args]), '');
  for (const [group, summary] of Object.entries(groups)) {
    parser.command(group, false, (inner) =>
      declare(inner.usage(`$0 ${group} <command> [flags]\n\n${summary}.`), group),
    );
  }
  // With its help on, yargs takes a last word "help" for the flag, be it of a query: so only when asked by name.
  if (!asksForHelp(args)) parser.help(false);
  const values = parser
    .scriptName('tinyllm')
    .usage(overview)
    .example('$0 run "What is 2+2?"', 'Answer a question')
    .epilogue(overviewEnd)
    .locale('en')
    // What yargs calls by the types of JavaScript; numbers are texts to it as well.
    .updateStrings({
      string: 'value',
      array: 'words',
      boolean: 'switch',
      'Options:': 'Flags:',
      'Positionals:': 'Arguments:',
    })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .version(VERSION)
    .alias('help', 'h')
    .fail((_message, error) => {
      // Arguments that are missing are found, and told in better words, when the command reads what it was given.
      if (error) throw error;
    })
    .parse([...args], {}, (_error, _values, output) => {
      // What yargs adds to an argument of several words says nothing.
      text = output.replace(' [default: []]', '').replace(overviewGap, `${listOf(commands)}\n\nFlags:`);
    });
  return { values: values as Values, command, text };
}

/** What stands before a double dash, behind which nothing is a flag. */
function flagsAmong(args: readonly string[]): readonly string[] {
  return args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
}

function asksForHelp(args: readonly string[]): boolean {
  const flags = flagsAmong(args);
  return flags.includes('--help') || flags.includes('-h');
}

function build(parser: Argv, declaration: CommandDeclaration): Argv {
  const { argument, flags, example } = declaration;
  parser.usage(usage(declaration)).epilogue(ending(declaration));
  if (argument !== undefined) {
    const { usage: _usage, name, accepts: _accepts, ...options } = argument;
    parser.positional(name, options);
  }
  return parser.options({ ...flags }).example(...(example as [string, string]));
}

function refuseUnknownFlags(values: Values, command?: CommandDeclaration, group = ''): void {
  const flags = ['help', 'version', ...Object.keys(command?.flags ?? {})];
  const known = new Set([...flags, 'h', '_', '$0', command?.argument?.name]);
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, flags);
  const hint =
    meant !== undefined
      ? `Did you mean --${meant}?`
      : /^[a-z]/i.test(unknown) || command?.name !== 'run'
        ? `Expected one of ${flags.map((flag) => `--${flag}`).join(', ')}.`
        : 'A query that begins with a dash goes after --.';
  const dashes = unknown.length === 1 ? '-' : '--';
  throw new UsageError(
    `unknown flag ${dashes}${isWord(unknown) ? unknown : quoted(unknown)}. ${hint}`,
    command?.name ?? group,
  );
}

/** yargs takes every value of a switch but `true` for false, and does not tell. */
function refuseOddSwitches(args: readonly string[], command: CommandDeclaration): void {
  for (const arg of flagsAmong(args)) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (command.flags[name]?.type !== 'boolean' || value === 'true' || value === 'false') continue;
    const got = value === '' ? 'an empty value' : quoted(value);
    throw new UsageError(`--${name} got ${got}; expected no value, or true or false.`, command.name);
  }
}

/** Whether a text can be shown as it is: it contains nothing of a URL. */
function isWord(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

function unknownCommand(word: string, group: string): UsageError {
  const names = commandsIn(group).map((command) => wordIn(group, command));
  if (group === '') names.push(...Object.keys(groups));
  const meant = nearest(word, names);
  const asks = group === '' && /[^\w-]/.test(word) ? ' A question goes after run.' : '';
  const hint = meant === undefined ? `Expected one of ${names.join(', ')}.${asks}` : `Did you mean "${meant}"?`;
  return new UsageError(`unknown command ${quoted([group, word].join(' ').trim())}. ${hint}`, group);
}

function missingCommand(group: string): UsageError {
  const names = commandsIn(group).map(({ name, argument }) => [name, argument?.usage].join(' ').trim());
  const last = names.pop();
  const expected = names.length === 0 ? last : `${names.join(', ')} or ${last}`;
  return new UsageError(`${group} got no command; expected ${expected}.`, group);
}

function commandsIn(group: string): readonly CommandDeclaration[] {
  return commands.filter(({ name }) => (name.includes(' ') ? name.startsWith(`${group} `) : group === ''));
}

function wordIn(group: string, { name }: CommandDeclaration): string {
  return group === '' ? name : name.slice(group.length + 1);
}

import { nearest, VERSION } from 'tinyllm/configuration';
import yargs, { type Argv } from 'yargs';
import { CommandArguments, quoted } from '../command/command-arguments.js';
import type { CommandContext } from '../command/command-context.js';
import type { CommandDeclaration } from '../command/declaration.js';
import { UsageError } from '../errors/usage-error.js';
import { commands, groups } from './declarations.js';
import { commandList, commandListPlaceholder, epilogue, overview, overviewEpilogue, usage } from './help-text.js';

/** The meaning of a command line. */
export type Program = TextProgram | CommandProgram;

/** Prints help or the version. */
export interface TextProgram {
  readonly kind: 'text';
  readonly text: string;
  /** Whether the user requested the text. If not, the command line is invalid. */
  readonly requested: boolean;
}

/** Runs a command with valid options. */
export interface CommandProgram {
  readonly kind: 'command';
  readonly execute: (context: CommandContext) => Promise<void>;
}

type Values = Readonly<Record<string, unknown>>;

interface Parsed {
  readonly values: Values;
  readonly command: CommandDeclaration | undefined;
  /** Help or the version if requested, otherwise empty. */
  readonly text: string;
}

/** Parses a command line without running a command. Throws a `UsageError`. */
export function readProgram(commandLine: readonly string[]): Program {
  const args = joinStandardInput(commandLine);
  const { values, command, text } = parse(args);
  if (text !== '') return { kind: 'text', text, requested: true };
  if (command !== undefined) {
    rejectUnknownFlags(values, command);
    rejectInvalidSwitches(args, command);
    return { kind: 'command', execute: command.read(new CommandArguments(command.name, values)) };
  }
  const words = Array.isArray(values._) ? values._.map(String) : [];
  if (words[0] === 'help') return readProgram([...words.slice(1), '--help']);
  const group = words[0] !== undefined && Object.hasOwn(groups, words[0]) ? words[0] : '';
  const unknown = words[group === '' ? 0 : 1];
  if (unknown !== undefined) throw unknownCommand(unknown, group);
  rejectUnknownFlags(values, undefined, group);
  if (group !== '') throw missingCommand(group);
  return { kind: 'text', text: parse([...words, '--help']).text, requested: false };
}

/** Joins `--file -` to `--file=-`, which means standard input. yargs would treat the dash as a separate word. */
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
      const select = (): void => {
        command = declaration;
      };
      // The help of `tinyllm` has its own list, which includes the commands of groups.
      if (group === '') parser.command(words, false, (inner) => build(inner, declaration), select);
      else parser.command(words, declaration.summary, (inner) => build(inner, declaration), select);
    }
    return parser;
  };

  const parser = declare(yargs([...args]), '');
  for (const [group, summary] of Object.entries(groups)) {
    parser.command(group, false, (inner) =>
      declare(inner.usage(`$0 ${group} <command> [flags]\n\n${summary}.`), group),
    );
  }
  // If the last word is `help`, yargs shows the help, even if this word is part of a question. So enable the help of
  // yargs only for --help and -h.
  if (!requestsHelp(args)) parser.help(false);
  const values = parser
    .scriptName('tinyllm')
    .usage(overview)
    .example('$0 run "What is 2+2?"', 'Answer a question')
    .epilogue(overviewEpilogue)
    .locale('en')
    // The help shows words such as `value` instead of JavaScript types. Flags with numbers are declared as strings.
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
      // Commands report missing arguments themselves, with better messages.
      if (error) throw error;
    })
    .parse([...args], {}, (_error, _values, output) => {
      // Remove `[default: []]`, which yargs adds without need.
      text = output.replace(' [default: []]', '').replace(commandListPlaceholder, `${commandList(commands)}\n\nFlags:`);
    });
  return { values: values as Values, command, text };
}

/** The arguments before `--`. Later arguments are never flags. */
function flagsAmong(args: readonly string[]): readonly string[] {
  return args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
}

function requestsHelp(args: readonly string[]): boolean {
  const flags = flagsAmong(args);
  return flags.includes('--help') || flags.includes('-h');
}

function build(parser: Argv, declaration: CommandDeclaration): Argv {
  const { argument, flags, example, secondExample } = declaration;
  parser.usage(usage(declaration)).epilogue(epilogue(declaration));
  if (argument !== undefined) {
    const { usage: _usage, name, accepts: _accepts, ...options } = argument;
    parser.positional(name, options);
  }
  const examples = secondExample === undefined ? [example] : [example, secondExample];
  return parser.options({ ...flags }).example(examples as [string, string][]);
}

function rejectUnknownFlags(values: Values, command?: CommandDeclaration, group = ''): void {
  const flags = ['help', 'version', ...Object.keys(command?.flags ?? {})];
  const known = new Set([...flags, 'h', '_', '$0', command?.argument?.name]);
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const suggestion = nearest(unknown, flags);
  const hint =
    suggestion !== undefined
      ? `Did you mean --${suggestion}?`
      : /^[a-z]/i.test(unknown) || command?.name !== 'run'
        ? `Expected one of ${flags.map((flag) => `--${flag}`).join(', ')}.`
        : 'If a query begins with a dash, put -- before it: tinyllm run -- "-x + 3".';
  const dashes = unknown.length === 1 ? '-' : '--';
  throw new UsageError(
    `unknown flag ${dashes}${isWord(unknown) ? unknown : quoted(unknown)}. ${hint}`,
    command?.name ?? group,
  );
}

/** yargs silently treats every value of a boolean flag except `true` as false. */
function rejectInvalidSwitches(args: readonly string[], command: CommandDeclaration): void {
  for (const arg of flagsAmong(args)) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (command.flags[name]?.type !== 'boolean' || value === 'true' || value === 'false') continue;
    const got = value === '' ? 'an empty value' : quoted(value);
    throw new UsageError(`--${name} got ${got}; expected no value, true or false.`, command.name);
  }
}

/** Whether a text is safe to print, because it can't contain secrets of a URL. */
function isWord(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

function unknownCommand(word: string, group: string): UsageError {
  const names = commandsIn(group).map((command) => wordIn(group, command));
  if (group === '') names.push(...Object.keys(groups));
  const suggestion = nearest(word, names);
  const advice = group === '' && /[^\w-]/.test(word) ? ' To ask a question, use tinyllm run "QUESTION".' : '';
  const hint =
    suggestion === undefined ? `Expected one of ${names.join(', ')}.${advice}` : `Did you mean "${suggestion}"?`;
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

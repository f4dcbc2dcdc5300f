import type { CommandDeclaration } from '../../command/declaration.js';

/** A flag in a completion script. */
export interface CompletedFlag {
  /** The name with its dashes. */
  readonly name: string;
  readonly describe: string;
  readonly takesValue: boolean;
  /** The valid values. An empty list means files. */
  readonly accepts: readonly string[];
}

/** The suggestions after some words of a command line. */
export interface CompletedCommand {
  /** The words so far, separated by one space. Empty at the beginning. */
  readonly words: string;
  /** The possible next words with their descriptions. Empty if only flags and files are possible. */
  readonly next: ReadonlyMap<string, string>;
  readonly flags: readonly CompletedFlag[];
}

/** Lists the suggestions at the beginning, after the name of a group, and after each command, in this order. */
export function completedCommands(commands: readonly CommandDeclaration[]): readonly CompletedCommand[] {
  const groups = new Map<string, Map<string, string>>([['', new Map()]]);
  for (const { name, summary } of commands) {
    const [first = '', second] = name.split(' ');
    groups.get('')?.set(first, second === undefined ? summary : `${second}, and more`);
    if (second === undefined) continue;
    if (!groups.has(first)) groups.set(first, new Map());
    groups.get(first)?.set(second, summary);
  }
  for (const [group, next] of groups) {
    if (group !== '') groups.get('')?.set(group, [...next.keys()].join(', '));
  }
  return [
    ...[...groups].map(([words, next]) => ({ words, next, flags: commonFlags })),
    ...commands.map(completedCommand),
  ];
}

const commonFlags: readonly CompletedFlag[] = [
  { name: '--help', describe: 'Show help', takesValue: false, accepts: [] },
  { name: '--version', describe: 'Show version number', takesValue: false, accepts: [] },
];

function completedCommand({ name, argument, flags }: CommandDeclaration): CompletedCommand {
  const own = Object.entries(flags).map(([flag, { describe = '', type, accepts = [] }]) => ({
    name: `--${flag}`,
    describe,
    takesValue: type !== 'boolean',
    accepts,
  }));
  const next = (argument?.accepts ?? []).map((word) => [word, argument?.describe ?? ''] as const);
  return { words: name, next: new Map(next), flags: [...own, ...commonFlags] };
}

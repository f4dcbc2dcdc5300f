import type { CommandDeclaration } from '../../command/declaration.js';

/** A flag as a shell completes it. */
export interface CompletedFlag {
  /** With its dashes. */
  readonly name: string;
  readonly describe: string;
  readonly takesValue: boolean;
  /** The values it takes; none listed means files. */
  readonly accepts: readonly string[];
}

/** What may follow some words of a command line. */
export interface CompletedCommand {
  /** The words so far, with one space between them; empty at the beginning. */
  readonly words: string;
  /** The words that may come next, and what they are; none where only flags and files may. */
  readonly next: ReadonlyMap<string, string>;
  readonly flags: readonly CompletedFlag[];
}

/** In this order: the beginning, the words that only hold commands, the commands. */
export function completedCommands(commands: readonly CommandDeclaration[]): readonly CompletedCommand[] {
  const beginnings = new Map<string, Map<string, string>>([['', new Map()]]);
  for (const { name, summary } of commands) {
    const [first = '', second] = name.split(' ');
    beginnings.get('')?.set(first, second === undefined ? summary : `${second}, and more`);
    if (second === undefined) continue;
    if (!beginnings.has(first)) beginnings.set(first, new Map());
    beginnings.get(first)?.set(second, summary);
  }
  for (const [group, next] of beginnings) {
    if (group !== '') beginnings.get('')?.set(group, [...next.keys()].join(', '));
  }
  return [
    ...[...beginnings].map(([words, next]) => ({ words, next, flags: everywhere })),
    ...commands.map(completedCommand),
  ];
}

const everywhere: readonly CompletedFlag[] = [
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
  return { words: name, next: new Map(next), flags: [...own, ...everywhere] };
}

import type { CompletedCommand, CompletedFlag } from './completed-command.js';

/** Returns a completion script for fish, for `source`. Source: https://fishshell.com/docs/current/cmds/complete.html */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const first = commands.find(({ words }) => words === '')?.next ?? new Map<string, string>();
  return [
    '# Completion of tinyllm in fish: tinyllm completion fish | source',
    'complete -c tinyllm -f -n __fish_use_subcommand -l help -d "Show help"',
    'complete -c tinyllm -f -n __fish_use_subcommand -l version -d "Show version number"',
    ...[...first].map(([word, summary]) => wordLine('__fish_use_subcommand', word, summary)),
    ...commands.filter(({ words }) => words !== '').flatMap(commandLines),
    '',
  ].join('\n');
}

function commandLines({ words, next, flags }: CompletedCommand): readonly string[] {
  const seen = words.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  if (next.size > 0) seen.push(`not __fish_seen_subcommand_from ${[...next.keys()].join(' ')}`);
  const condition = seen.join('; and ');
  return [
    ...[...next].map(([word, summary]) => wordLine(condition, word, summary)),
    ...flags.map((flag) => flagLine(condition, flag)),
  ];
}

function wordLine(condition: string, word: string, summary: string): string {
  return `complete -c tinyllm -f -n ${quoted(condition)} -a ${word} -d ${quoted(summary)}`;
}

function flagLine(condition: string, { name, describe, takesValue, accepts }: CompletedFlag): string {
  const value = !takesValue ? '' : accepts.length === 0 ? ' -r' : ` -x -a ${quoted(accepts.join(' '))}`;
  return `complete -c tinyllm -n ${quoted(condition)} -l ${name.slice(2)}${value} -d ${quoted(describe)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

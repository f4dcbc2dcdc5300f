import type { CompletedCommand, CompletedFlag } from './completed-command.js';

/**
 * Returns a completion script for zsh: use `eval` after `compinit`, or save it as `_tinyllm` in a folder of `fpath`.
 *
 * Source: zshcompsys(1), "_arguments" and "_describe".
 */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const groups = commands.filter(({ words, next }) => words !== '' && next.size > 0).map(({ words }) => words);
  return `#compdef tinyllm
# Completion of tinyllm in zsh: eval "$(tinyllm completion zsh)", after compinit
_tinyllm() {
  local command= place
  local -a offered
  for ((place = 2; place < CURRENT; place++)); do
    [[ \${words[place]} == -* ]] && break
    command+=\${command:+ }\${words[place]}
    case $command in ${groups.length === 0 ? "''" : groups.join('|')}) ;; *) break ;; esac
  done
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _tinyllm ]]; then _tinyllm "$@"; else compdef _tinyllm tinyllm; fi
`;
}

function commandCase({ words, next, flags }: CompletedCommand): string {
  const offered = [...next].map(([word, summary]) => quoted(`${word}:${summary.replace(/:/g, '\\:')}`));
  const describe =
    offered.length === 0 ? '' : ` offered=(${offered.join(' ')}); _describe -t commands command offered;`;
  const rest = offered.length === 0 ? ` '*:file:_files'` : '';
  return [
    `    ${quoted(words)})`,
    ...(describe === '' ? [] : [`      if [[ $PREFIX != -* ]]; then${describe} return; fi`]),
    `      _arguments ${flags.map(argument).join(' ')}${rest}`,
    '      ;;',
  ].join('\n');
}

/** `--flag=[text]:value:(choices)`: the value is part of the same word, or the next word. */
function argument({ name, describe, takesValue, accepts }: CompletedFlag): string {
  const text = describe.replace(/[[\]\\:]/g, '\\$&');
  if (!takesValue) return quoted(`${name}[${text}]`);
  const values = accepts.length === 0 ? '_files' : `(${accepts.map((value) => value.replace(/:/g, '\\:')).join(' ')})`;
  return quoted(`*${name}=[${text}]:value:${values}`);
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

import type { CompletedCommand } from './completed-command.js';

/**
 * Returns a completion script for bash 4 and later, for `eval`.
 *
 * Without suggestions, bash completes files. Bash splits words at `=` and `:`, so the value of `--flag=value` is the
 * word after `=`. Source: the GNU Bash Reference Manual, "Programmable Completion".
 */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const groups = commands.filter(({ words, next }) => words !== '' && next.size > 0).map(({ words }) => words);
  return `# Completion of tinyllm in bash: eval "$(tinyllm completion bash)"
_tinyllm() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= offered= place
  [[ $word == '=' ]] && word= before=\${COMP_WORDS[COMP_CWORD - 1]}
  [[ $before == '=' ]] && before=\${COMP_WORDS[COMP_CWORD - 2]}
  for ((place = 1; place < COMP_CWORD; place++)); do
    [[ \${COMP_WORDS[place]} == -* ]] && break
    command+=\${command:+ }\${COMP_WORDS[place]}
    case $command in ${groups.length === 0 ? "''" : groups.join(' | ')}) ;; *) break ;; esac
  done
  COMPREPLY=()
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
    *)
      case $command in
${commands.map(wordCase).join('\n')}
      esac
      ;;
  esac
  [[ $offered ]] && mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$word")
}
complete -o bashdefault -o default -F _tinyllm tinyllm
`;
}

/** The cases of flags with values. Flags without a list of values get no suggestions. */
function valueCases({ words, flags }: CompletedCommand): readonly string[] {
  const valueFlags = flags.filter(({ takesValue }) => takesValue);
  const listed = valueFlags.filter(({ accepts }) => accepts.length > 0);
  const others = valueFlags.filter(({ accepts }) => accepts.length === 0).map(({ name }) => `'${words} ${name}'`);
  return [
    ...listed.map(({ name, accepts }) => `    '${words} ${name}') offered='${accepts.join(' ')}' ;;`),
    ...(others.length === 0 ? [] : [`    ${others.join(' | ')}) ;;`]),
  ];
}

/** The case of a command: suggests flags after a dash, and the next words otherwise. */
function wordCase({ words, next, flags }: CompletedCommand): string {
  const names = flags.map(({ name }) => name).join(' ');
  const offered = [...next.keys()].join(' ');
  return `        '${words}') [[ $word == -* ]] && offered='${names}' || offered='${offered}' ;;`;
}

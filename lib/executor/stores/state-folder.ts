import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The folder for what outlives a run.
 *
 * `TINYLLM_HOME`; else `tinyllm` in `XDG_STATE_HOME`, which counts only as an absolute path; else
 * `~/.local/state/tinyllm`. Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { TINYLLM_HOME: home = '', XDG_STATE_HOME: state = '' } = environment;
  if (home !== '') return resolve(home);
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'tinyllm');
}

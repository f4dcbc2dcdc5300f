import type { ApiKeys } from 'tinyllm/server';
import type { CommandContext } from '../command/command-context.js';

/** The labels of a server, and its API keys. */
export interface KeyLabels {
  /** The sources of the labels, by name. */
  readonly labels: Readonly<Record<string, unknown>> | undefined;
  readonly keys: ApiKeys | undefined;
  /** The file of the keys. */
  readonly file: string | undefined;
}

/** Prints a warning if a label has the names of API keys as its values, but no key has a name. */
export function warnOfNamelessKeys({ labels = {}, keys, file }: KeyLabels, output: CommandContext['output']): void {
  const [label] = Object.entries(labels).find(([, source]) => source === 'key') ?? [];
  if (label === undefined || keys?.names.length !== 0) return;
  output.note(`warning: no key in ${file} has a name, so the label ${label} is empty; add name=NAME after the keys`);
}

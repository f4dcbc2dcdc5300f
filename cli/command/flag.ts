import type { Options } from 'yargs';

/** The declaration of a flag. */
export interface Flag extends Options {
  /** The valid values, for shell completion. Undefined if there is no fixed list. */
  readonly accepts?: readonly string[];
}

/** Flags by name, without the dashes. */
export type Flags<Name extends string = string> = Readonly<Record<Name, Flag>>;

/** Puts flags under their own heading in the help. */
export function inGroup<Name extends string>(heading: string, flags: Flags<Name>): Flags<Name> {
  const grouped = Object.entries<Flag>(flags).map(([name, flag]) => [name, { ...flag, group: `${heading}:` }]);
  return Object.fromEntries(grouped) as Flags<Name>;
}

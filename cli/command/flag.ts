import type { Options } from 'yargs';

/** A flag as the command line knows it. */
export interface Flag extends Options {
  /** The values it takes, where these can be listed: a shell completes them. */
  readonly accepts?: readonly string[];
}

/** Flags by their names, without the dashes. */
export type Flags<Name extends string = string> = Readonly<Record<Name, Flag>>;

/** Puts flags under a heading of their own in the help. */
export function inGroup<Name extends string>(heading: string, flags: Flags<Name>): Flags<Name> {
  const grouped = Object.entries<Flag>(flags).map(([name, flag]) => [name, { ...flag, group: `${heading}:` }]);
  return Object.fromEntries(grouped) as Flags<Name>;
}

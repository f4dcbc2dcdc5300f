/** What tells whether a stream can show colour. */
export interface ColourFacts {
  readonly isTTY?: boolean | undefined;
}

/**
 * Whether to colour what goes to a stream.
 *
 * `FORCE_COLOR` decides first (`0` and `false` mean no, anything else yes), as in Node itself; then `NO_COLOR`
 * (set to anything but the empty string: no); else a terminal that is not `dumb` gets colour.
 */
export function wantsColour(stream: ColourFacts, environment: NodeJS.ProcessEnv): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment.NO_COLOR) return false;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}

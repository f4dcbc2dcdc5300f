import { type CommandArguments, quoted } from '../command/command-arguments.js';

/** Reads a flag with the value on or off. Without a value, it is on. Without the flag, it is off. Throws a `UsageError`. */
export function readOnOff(args: CommandArguments, flag: string): boolean {
  const given = args.textsOr(flag, 'on').map((text) => text.trim().toLowerCase());
  const invalid = given.find((text) => !['on', 'off', 'true', 'false'].includes(text));
  if (invalid !== undefined) throw args.usageError(`--${flag} got ${quoted(invalid)}; expected no value, on or off.`);
  return ['on', 'true'].includes(given.at(-1) ?? 'off');
}

import { nearest, quoteArgument } from 'tinyllm/configuration';
import { UsageError } from '../errors/usage-error.js';

/** Upper limit in seconds: a timer of Node takes at most 2^31 - 1 milliseconds. */
const largestSeconds = 2_147_483;

/** Larger counts are probably typing errors. */
const largestCount = 1_000_000;

/** The upper limit of flags for sizes, in bytes: 256 MiB. */
const largestBytes = 256 * 1024 ** 2;

/** The parsed arguments of one command. Every reader throws a `UsageError` if the value is invalid. */
export class CommandArguments {
  readonly #command: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(command: string, values: Readonly<Record<string, unknown>>) {
    this.#command = command;
    this.#values = values;
  }

  /** Whether the command line contains a flag, with any value. */
  has(flag: string): boolean {
    return this.#values[flag] !== undefined;
  }

  /** Whether a boolean flag is set. */
  switch(flag: string): boolean {
    const value = this.#values[flag];
    return Array.isArray(value) ? value.at(-1) === true : value === true;
  }

  /** The text of a flag, or undefined without the flag. `expected` describes a valid value, for the error message. */
  text(flag: string, expected: string): string | undefined {
    const value = this.#once(flag);
    if (value === undefined || value.trim() !== '') return value;
    throw this.usageError(`--${flag} got an empty value; expected ${expected}.`);
  }

  /** The text of a flag, which must be one of `choices`, or undefined without the flag. */
  choice<Choice extends string>(flag: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(flag, `one of ${choices.join(', ')}`);
    const choice = choices.find((one) => one === value);
    if (choice !== undefined || value === undefined) return choice;
    const suggestion = nearest(value, choices);
    const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
    throw this.usageError(`--${flag} got ${quoted(value)}; expected one of ${choices.join(', ')}.${hint}`);
  }

  /** The texts of a repeatable flag, in order. */
  texts(flag: string, expected: string): readonly string[] {
    const texts = this.#texts(flag);
    if (texts.every((text) => text.trim() !== '')) return texts;
    throw this.usageError(`--${flag} got an empty value; expected ${expected}.`);
  }

  /** The texts of a repeatable flag, in order. `otherwise` replaces each missing value. */
  textsOr(flag: string, otherwise: string): readonly string[] {
    return this.#texts(flag).map((text) => (text.trim() === '' ? otherwise : text));
  }

  /** The port of a flag, 0 to 65535, or undefined without the flag. */
  port(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (port <= 65_535) return port;
    throw this.usageError(
      `--${flag} got ${quoted(value)}; expected a port: a whole number from 1 to 65535, or 0 for any free port.`,
    );
  }

  /** The whole number of a flag, 1 to 1000000, or undefined without the flag. */
  count(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const count = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
    if (count >= 1 && count <= largestCount) return count;
    throw this.usageError(`--${flag} got ${quoted(value)}; expected a whole number from 1 to ${largestCount}.`);
  }

  /** The rate of a flag per second, written as `10`, `10/s`, `600/m` or `36000/h`, or undefined without the flag. */
  rate(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const [, number = '', unit = 's'] = /^(\d{1,7}(?:\.\d{1,3})?)(?:\/([smh]))?$/.exec(value) ?? [];
    const perSecond = Number(number) / { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
    if (number !== '' && perSecond > 0) return perSecond;
    throw this.usageError(`--${flag} got ${quoted(value)}; expected a rate such as 10/s, 600/m or 1000/h.`);
  }

  /** The seconds of a flag, 0 to 2147483, or undefined without the flag. */
  seconds(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (seconds <= largestSeconds) return seconds;
    throw this.usageError(`--${flag} got ${quoted(value)}; expected seconds: a number from 0 to ${largestSeconds}.`);
  }

  /** The size of a flag in bytes, 1 to 256M, or undefined without the flag. */
  bytes(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const [, number = '', unit = ''] = /^(\d{1,9})(|k|M)$/.exec(value) ?? [];
    const bytes =
      number === '' ? Number.NaN : Number(number) * { '': 1, k: 1024, M: 1024 ** 2 }[unit as '' | 'k' | 'M'];
    if (bytes >= 1 && bytes <= largestBytes) return bytes;
    throw this.usageError(`--${flag} got ${quoted(value)}; expected a size from 1 to 256M, such as 65536, 512k or 4M.`);
  }

  /** The words of a positional argument, followed by the words after `--`. */
  words(positional: string): readonly string[] {
    const value = this.#values[positional];
    const before = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return [...before, ...this.#rest()].map(String);
  }

  /** The only word of a positional argument, or undefined if it is missing. */
  word(positional: string, expected: string): string | undefined {
    const [word, ...more] = this.words(positional);
    if (word === '') throw this.usageError(`${this.#command} got an empty ${positional}; expected ${expected}.`);
    if (more.length === 0) return word;
    throw this.usageError(
      `${this.#command} got the extra argument ${quoted(more.join(' '))}; expected one ${positional}.`,
    );
  }

  /** Throws if there are words in addition to the name of the command. */
  rejectWords(): void {
    const rest = this.#rest();
    if (rest.length === 0) return;
    throw this.usageError(`${this.#command} got ${quoted(rest.join(' '))}; expected only flags.`);
  }

  /** Returns a `UsageError` that refers to the help of this command. */
  usageError(message: string): UsageError {
    return new UsageError(message, this.#command);
  }

  #once(flag: string): string | undefined {
    const value = this.#values[flag];
    if (Array.isArray(value)) throw this.usageError(`--${flag} was given ${value.length} times; give it once.`);
    return value === undefined ? undefined : String(value);
  }

  #texts(flag: string): readonly string[] {
    const value = this.#values[flag];
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  }

  /** Words that belong to no declared argument, without the name of the command. */
  #rest(): readonly string[] {
    const words = this.#values._;
    return Array.isArray(words) ? words.slice(this.#command.split(' ').length).map(String) : [];
  }
}

/** A value of the command line as messages show it. Removes secrets if the value may be a URL. */
export function quoted(value: string): string {
  if (value === '') return 'an empty value';
  return quoteArgument(value);
}

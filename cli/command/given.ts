import { nearest, shownAddress } from 'tinyllm/configuration';
import { UsageError } from '../errors/usage-error.js';

/** The longest wait a timer takes, in whole seconds. */
const longestSeconds = 2_147_483;

/** More of anything is a slip of the finger. */
const largestCount = 1_000_000;

/** More than this is not read into memory at a time. */
const largestBytes = 256 * 1024 ** 2;

/** What the command line gave one command, read value by value; every reader throws a `UsageError`. */
export class Given {
  readonly #command: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(command: string, values: Readonly<Record<string, unknown>>) {
    this.#command = command;
    this.#values = values;
  }

  /** Whether a flag was given, with whatever value. */
  has(flag: string): boolean {
    return this.#values[flag] !== undefined;
  }

  /** Whether a switch was given. */
  switch(flag: string): boolean {
    const value = this.#values[flag];
    return Array.isArray(value) ? value.at(-1) === true : value === true;
  }

  /** A flag's text, or undefined when it was not given. `expected` ends "expected …" in the error. */
  text(flag: string, expected: string): string | undefined {
    const value = this.#once(flag);
    if (value === undefined || value.trim() !== '') return value;
    throw this.wrong(`--${flag} got nothing; expected ${expected}.`);
  }

  /** A flag's text, one of those there are, or undefined when it was not given. */
  choice<Choice extends string>(flag: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(flag, `one of ${choices.join(', ')}`);
    const choice = choices.find((one) => one === value);
    if (choice !== undefined || value === undefined) return choice;
    const meant = nearest(value, choices);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw this.wrong(`--${flag} got ${quoted(value)}; expected one of ${choices.join(', ')}.${hint}`);
  }

  /** The texts of a flag that may be given several times. */
  texts(flag: string, expected: string): readonly string[] {
    const value = this.#values[flag];
    const texts = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
    if (texts.every((text) => text.trim() !== '')) return texts;
    throw this.wrong(`--${flag} got nothing; expected ${expected}.`);
  }

  /** A flag's port, 0 to 65535, or undefined when it was not given. */
  port(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (port <= 65_535) return port;
    throw this.wrong(
      `--${flag} got ${quoted(value)}; expected a port: a whole number from 0 to 65535, 0 for any free one.`,
    );
  }

  /** A flag's whole number, 1 to 1000000, or undefined when it was not given. */
  count(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const count = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
    if (count >= 1 && count <= largestCount) return count;
    throw this.wrong(`--${flag} got ${quoted(value)}; expected a whole number from 1 to ${largestCount}.`);
  }

  /** A flag's times a second, given as `10`, `10/s`, `600/m` or `36000/h`, or undefined when it was not given. */
  rate(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const [, number = '', unit = 's'] = /^(\d{1,7}(?:\.\d{1,3})?)(?:\/([smh]))?$/.exec(value) ?? [];
    const perSecond = Number(number) / { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
    if (number !== '' && perSecond > 0) return perSecond;
    throw this.wrong(`--${flag} got ${quoted(value)}; expected a rate such as 10/s, 600/m or 1000/h.`);
  }

  /** A flag's seconds, 0 to 2147483, or undefined when it was not given. */
  seconds(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (seconds <= longestSeconds) return seconds;
    throw this.wrong(`--${flag} got ${quoted(value)}; expected seconds: a number from 0 to ${longestSeconds}.`);
  }

  /** A flag's size in bytes, from 1 to 256M, or undefined when it was not given. */
  bytes(flag: string): number | undefined {
    const value = this.#once(flag);
    if (value === undefined) return undefined;
    const [, number = '', unit = ''] = /^(\d{1,9})(|k|M)$/.exec(value) ?? [];
    const bytes =
      number === '' ? Number.NaN : Number(number) * { '': 1, k: 1024, M: 1024 ** 2 }[unit as '' | 'k' | 'M'];
    if (bytes >= 1 && bytes <= largestBytes) return bytes;
    throw this.wrong(`--${flag} got ${quoted(value)}; expected a size from 1 to 256M such as 65536, 512k or 4M.`);
  }

  /** The words of a positional argument, those after `--` last. */
  words(positional: string): readonly string[] {
    const value = this.#values[positional];
    const before = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return [...before, ...this.#rest()].map(String);
  }

  /** The one word of a positional argument, or undefined when there is none. */
  word(positional: string, expected: string): string | undefined {
    const [word, ...more] = this.words(positional);
    if (word === '') throw this.wrong(`${this.#command} got an empty ${positional}; expected ${expected}.`);
    if (more.length === 0) return word;
    throw this.wrong(`${this.#command} got ${quoted(more.join(' '))} as well; expected one ${positional}.`);
  }

  /** Takes no words beside the command's name. */
  nothingElse(): void {
    const rest = this.#rest();
    if (rest.length === 0) return;
    throw this.wrong(`${this.#command} got ${quoted(rest.join(' '))}; expected nothing but flags.`);
  }

  /** A `UsageError` that names this command's help. */
  wrong(message: string): UsageError {
    return new UsageError(message, this.#command);
  }

  #once(flag: string): string | undefined {
    const value = this.#values[flag];
    if (Array.isArray(value)) throw this.wrong(`--${flag} was given ${value.length} times; give it once.`);
    return value === undefined ? undefined : String(value);
  }

  /** Words that belong to no declared argument, without the command's own name. */
  #rest(): readonly string[] {
    const words = this.#values._;
    return Array.isArray(words) ? words.slice(this.#command.split(' ').length).map(String) : [];
  }
}

/** A value of the command line as a message shows it; one that may be a URL without its secrets. */
export function quoted(value: string): string {
  if (value === '') return 'nothing';
  return /:\/\/|@|[?&][^\s?&]*=/.test(value) ? shownAddress(value) : JSON.stringify(value);
}

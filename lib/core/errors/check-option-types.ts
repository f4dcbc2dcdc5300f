import { MetricsConfigurationError } from './errors.js';
import type { TinyLLMError } from './tinyllm-error.js';

type TypeName = 'boolean' | 'function' | 'number' | 'object' | 'string';

/** The options of a function, with the type, or the types, that `typeof` may return for each. */
export type OptionTypes = Readonly<Record<string, TypeName | readonly TypeName[]>>;

/** How invalid options are reported. */
export interface OptionReport {
  /** Default: `MetricsConfigurationError`. */
  readonly OptionError?: new (
    message: string,
  ) => TinyLLMError;
  /** Whether messages quote short texts that were received. Default: false, because a text may be a secret. */
  readonly quotesTexts?: boolean;
}

/** The longest text that a message quotes. */
const MAX_QUOTED_LENGTH = 60;

/**
 * Checks the names and types of the options that a function received. A known option that is
 * undefined counts as absent.
 *
 * @throws the error class in `report` if they are not an object, or one of them is unknown or has the wrong type.
 */
export function checkOptionTypes(
  caller: string,
  options: unknown,
  types: OptionTypes,
  report: OptionReport = {},
): void {
  const { OptionError = MetricsConfigurationError, quotesTexts = false } = report;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(`${caller} got ${shownOption(options, quotesTexts)}; expected an object of options.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      const names = Object.keys(types).join(', ');
      throw new OptionError(`${caller} got an option ${JSON.stringify(name)}; expected any of ${names}.`);
    }
    const allowed: readonly string[] = [type].flat();
    if (value !== undefined && (!allowed.includes(typeof value) || value === null)) {
      const expected = allowed.map((one) => (one === 'object' ? 'an object' : `a ${one}`)).join(' or ');
      throw new OptionError(
        `${caller} got ${shownOption(value, quotesTexts)} for the option ${JSON.stringify(name)}; expected ${expected}.`,
      );
    }
  }
}

/**
 * Checks the values of the option `labels`: each is a string or a function. A missing option is valid.
 *
 * @throws the error class in `report` if the option is not an object or has another value.
 */
export function checkLabelOption(caller: string, labels: object = {}, report: OptionReport = {}): void {
  const types = Object.fromEntries(Object.keys(labels).map((label) => [label, ['string', 'function'] as const]));
  checkOptionTypes(`The option "labels" of ${caller}`, labels, types, report);
}

/** Describes a value that was received: a number, boolean or short text as it is, anything else by its type. */
export function shownOption(value: unknown, quotesTexts: boolean): string {
  if (typeof value === 'string' && quotesTexts && value.length <= MAX_QUOTED_LENGTH) return JSON.stringify(value);
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

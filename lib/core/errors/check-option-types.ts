import { MetricsConfigurationError } from './errors.js';

type TypeName = 'boolean' | 'function' | 'number' | 'object' | 'string';

/** The options of a function, with the type, or the types, that `typeof` may return for each. */
export type OptionTypes = Readonly<Record<string, TypeName | readonly TypeName[]>>;

/**
 * Checks the names and types of the options that a function received. A known option that is
 * undefined counts as absent.
 *
 * @throws {MetricsConfigurationError} if they are not an object, or one of them is unknown or has the wrong type.
 */
export function checkOptionTypes(caller: string, options: unknown, types: OptionTypes): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new MetricsConfigurationError(`${caller} got ${shown(options)}; expected an object of options.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      const names = Object.keys(types).join(', ');
      throw new MetricsConfigurationError(`${caller} got an option ${JSON.stringify(name)}; expected any of ${names}.`);
    }
    const allowed: readonly string[] = [type].flat();
    if (value !== undefined && (!allowed.includes(typeof value) || value === null)) {
      const expected = allowed.map((one) => (one === 'object' ? 'an object' : `a ${one}`)).join(' or ');
      throw new MetricsConfigurationError(
        `${caller} got ${shown(value)} for the option ${JSON.stringify(name)}; expected ${expected}.`,
      );
    }
  }
}

/** The value of a number or a boolean, and the type of anything else, because a text may be a secret. */
function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

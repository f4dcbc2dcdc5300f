import { DecoratorUsageError } from '../errors/errors.js';

/** The allowed types of each option. */
const LABEL = ['string', 'function'];
const FUNCTION = ['function'];
const COMMON = { graph: LABEL, labels: ['object'], classifyError: FUNCTION, isError: FUNCTION, stream: FUNCTION };

/** The options of each decorator. */
const OPTIONS = {
  TrackGraph: COMMON,
  TrackNode: { ...COMMON, node: LABEL },
  TrackRequest: { ...COMMON, model: LABEL, requestType: LABEL, usage: FUNCTION },
};

/** The names of the decorators. */
export type DecoratorName = keyof typeof OPTIONS;

/**
 * Checks the arguments of a decorator.
 *
 * @throws {DecoratorUsageError} if the decorator is used without parentheses, or an option is unknown or has the wrong
 * type.
 */
export function checkOptions(decorator: DecoratorName, args: readonly unknown[]): void {
  const [options = {}] = args;
  if (args.length > 1 || typeof options !== 'object' || options === null) {
    throw new DecoratorUsageError(
      `@${decorator} got invalid arguments; expected an options object: write @${decorator}() or @${decorator}({ … }).`,
    );
  }
  const known: Readonly<Record<string, readonly string[]>> = OPTIONS[decorator];
  for (const [name, value] of Object.entries(options)) {
    const types = Object.hasOwn(known, name) ? known[name] : undefined;
    if (types === undefined) {
      const names = Object.keys(known).join(', ');
      throw new DecoratorUsageError(
        `@${decorator} got an unknown option ${JSON.stringify(name)}; expected one of ${names}.`,
      );
    }
    if (value !== undefined && !types.includes(typeof value)) {
      const got = `a value of type ${typeof value} for the option ${JSON.stringify(name)}`;
      throw new DecoratorUsageError(`@${decorator} got ${got}; expected a ${types.join(' or a ')}.`);
    }
  }
}

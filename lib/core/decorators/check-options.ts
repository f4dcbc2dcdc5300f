import { DecoratorUsageError } from '../errors/errors.js';

/** What each option of each decorator takes. */
const LABEL = ['string', 'function'];
const FUNCTION = ['function'];
const COMMON = { graph: LABEL, classifyError: FUNCTION, isError: FUNCTION };

/** The options of each decorator. */
const OPTIONS = {
  TrackGraph: COMMON,
  TrackNode: { ...COMMON, node: LABEL },
  TrackRequest: { ...COMMON, model: LABEL, requestType: LABEL, usage: FUNCTION },
};

/** The decorators there are. */
export type DecoratorName = keyof typeof OPTIONS;

/**
 * Checks the arguments a decorator was called with.
 *
 * @throws {DecoratorUsageError} when it was not called, or has an option that is unknown or of the wrong type.
 */
export function checkOptions(decorator: DecoratorName, args: readonly unknown[]): void {
  const [options = {}] = args;
  if (args.length > 1 || typeof options !== 'object' || options === null) {
    throw new DecoratorUsageError(
      `@${decorator} takes one object of options; write @${decorator}() or @${decorator}({ … }).`,
    );
  }
  const known: Readonly<Record<string, readonly string[]>> = OPTIONS[decorator];
  for (const [name, value] of Object.entries(options)) {
    const types = Object.hasOwn(known, name) ? known[name] : undefined;
    if (types === undefined) {
      const names = Object.keys(known).join(', ');
      throw new DecoratorUsageError(`@${decorator} got an option ${JSON.stringify(name)}; expected any of ${names}.`);
    }
    if (value !== undefined && !types.includes(typeof value)) {
      throw new DecoratorUsageError(
        `@${decorator} got ${typeof value} for the option ${JSON.stringify(name)}; expected a ${types.join(' or a ')}.`,
      );
    }
  }
}

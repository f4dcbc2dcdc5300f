import { checkLabelOption, checkOptionTypes, type OptionTypes, shownOption } from '../errors/check-option-types.js';
import { DecoratorUsageError } from '../errors/errors.js';
import type {
  TrackGraphOptions,
  TrackNodeOptions,
  TrackRequestOptions,
  TrackToolOptions,
} from '../recording/call-options.js';
import type { TrackedKind } from './metadata.js';

/** The names of all options by kind. */
interface AllOptions {
  readonly graph: Readonly<Record<keyof TrackGraphOptions, unknown>>;
  readonly node: Readonly<Record<keyof TrackNodeOptions, unknown>>;
  readonly request: Readonly<Record<keyof TrackRequestOptions, unknown>>;
  readonly tool: Readonly<Record<keyof TrackToolOptions, unknown>>;
}

const LABEL = ['string', 'function'] as const;
const COMMON = {
  graph: LABEL,
  labels: 'object',
  classifyError: 'function',
  isError: 'function',
  stream: 'function',
} as const;

/** The options of each kind of call. */
const OPTIONS = {
  graph: COMMON,
  node: { ...COMMON, node: LABEL },
  request: { ...COMMON, model: LABEL, requestType: LABEL, usage: 'function' },
  tool: { ...COMMON, tool: LABEL },
} as const satisfies Record<TrackedKind, OptionTypes> & AllOptions;

/** The names of labels and texts in options are not secrets: they are exposed as metrics. */
const report = { OptionError: DecoratorUsageError, quotesTexts: true };

/**
 * Checks the arguments of a decorator.
 *
 * @throws {DecoratorUsageError} if the decorator is used without parentheses, or an option is unknown or has the wrong
 * type.
 */
export function checkDecoratorArguments(decorator: string, kind: TrackedKind, args: readonly unknown[]): void {
  const [options = {}] = args;
  if (args.length > 1 || typeof options !== 'object' || options === null) {
    const got = args.length > 1 ? `${args.length} arguments` : shownOption(options, true);
    throw new DecoratorUsageError(
      `@${decorator} got ${got}; expected an options object: write @${decorator}() or @${decorator}({ … }).`,
    );
  }
  checkOptions(`@${decorator}`, kind, options);
}

/**
 * Checks the options of a decorator or wrapper.
 *
 * @throws {DecoratorUsageError} if they are not an object, or an option is unknown or has the wrong type.
 */
export function checkOptions(caller: string, kind: TrackedKind, options: unknown): void {
  checkOptionTypes(caller, options, OPTIONS[kind], report);
  checkLabelOption(caller, (options as { readonly labels?: object }).labels, report);
}

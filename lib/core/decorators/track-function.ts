import { shownOption } from '../errors/check-option-types.js';
import { DecoratorUsageError } from '../errors/errors.js';
import type { TrackOptions } from '../recording/call-options.js';
import { checkOptions } from './check-options.js';
import { type TrackKind, trackMethod } from './track.js';
import { type AnyMethod, wrapMethod } from './wrap-method.js';

/** The type of `this` in a function: any if the function does not declare it. */
// biome-ignore lint/suspicious/noExplicitAny: as the doc comment states
export type ThisOf<Fn extends AnyMethod> = unknown extends ThisParameterType<Fn> ? any : ThisParameterType<Fn>;

/**
 * Wraps a function so that its calls are recorded. The wrapper has the function's type, name, length and own properties.
 *
 * @throws {DecoratorUsageError} if the first argument is not a function or is a class, an option is invalid, or nothing
 * names what is tracked.
 */
export function trackFunction<Fn extends AnyMethod, Options extends TrackOptions>(
  kind: TrackKind<Options>,
  fn: Fn,
  options: unknown = {},
): Fn {
  requireFunction(kind.wrapper, fn);
  checkOptions(kind.wrapper, kind.kind, options);
  const { name } = fn as { readonly name: unknown };
  const isNamed = typeof name === 'string' && name !== '';
  if (!isNamed && kind.kind !== 'request' && (options as Readonly<Record<string, unknown>>)[kind.kind] === undefined) {
    throw new DecoratorUsageError(
      `${kind.wrapper} got a function without a name; expected a named function or the option "${kind.kind}". Write ${kind.wrapper}(fn, { ${kind.kind}: '…' }).`,
    );
  }
  const tracking = { options: options as Options, name: isNamed ? name : 'unknown', caller: kind.wrapper };
  return wrapMethod(fn, (method) => trackMethod(method, kind, tracking));
}

function requireFunction(wrapper: string, value: unknown): asserts value is AnyMethod {
  if (typeof value !== 'function') {
    throw new DecoratorUsageError(
      `${wrapper} got ${shownOption(value, true)}; expected a function: write ${wrapper}(fn) or ${wrapper}(fn, { … }).`,
    );
  }
  if (isClass(value)) {
    const name = value.name || 'Class';
    throw new DecoratorUsageError(
      `${wrapper} got the class ${name}; expected a function. Wrap its methods: ${name}.prototype.run = ${wrapper}(${name}.prototype.run).`,
    );
  }
}

/** The property `prototype` is read-only for classes and built-in constructors, and for frozen functions. */
function isClass(value: object): boolean {
  if (Object.getOwnPropertyDescriptor(value, 'prototype')?.writable !== false) return false;
  return !Object.isFrozen(value) || Function.prototype.toString.call(value).startsWith('class');
}

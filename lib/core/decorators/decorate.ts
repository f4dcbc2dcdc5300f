import { DecoratorUsageError } from '../errors/errors.js';
import { type AnyMethod, wrapMethod } from './wrap-method.js';

// biome-ignore-start lint/suspicious/noExplicitAny: options that were created elsewhere may have unknown types
/**
 * A method that accepts arguments, and maybe further ones. As the type of a member, it also accepts methods whose
 * parameters are subtypes.
 */
type MethodAccepting<Args extends readonly unknown[]> = {
  accept(this: any, ...args: [...Args, ...any[]]): any;
}['accept'];

/**
 * A method decorator that works with `experimentalDecorators` and with the standard's decorators.
 *
 * `Self`, `Args` and `Result` are the types of the instance, the arguments and the result. TypeScript infers them from
 * the method. It checks that the method accepts `Args`; the method can have further parameters.
 */
// TypeScript infers types for both dialects from one signature only. The target is the method in the standard's dialect,
// and the class or its prototype in the other. Unions with any infer types without restricting them.
export type TrackDecorator<Self = any, Args extends readonly unknown[] = any, Result = any> = <
  Method extends MethodAccepting<Args>,
>(
  target: Self | ((this: Self, ...args: Args) => Result) | object,
  ...rest:
    | [context: ClassMethodDecoratorContext<Self, Method> | ClassMethodDecoratorContext<any, Method>]
    | [
        key: string | symbol,
        descriptor: TypedPropertyDescriptor<Method> & { value?: ((this: Self, ...args: Args) => Result) | AnyMethod },
      ]
) => any;
// biome-ignore-end lint/suspicious/noExplicitAny: as above

/**
 * Creates a method decorator for both decorator dialects from a function that wraps a method.
 *
 * The decorator throws `DecoratorUsageError` if it is not on a method.
 */
export function decorate(decorator: string, wrap: (method: AnyMethod) => AnyMethod): TrackDecorator {
  return (target: unknown, ...rest: readonly [context: unknown, descriptor?: PropertyDescriptor]) => {
    const [context, descriptor] = rest;
    if (isStandardContext(context)) {
      if (context.kind !== 'method' || typeof target !== 'function') {
        throw misplacedError(decorator, `the ${context.kind} ${String(context.name)}`);
      }
      return wrapMethod(target as AnyMethod, wrap);
    }
    if (typeof context !== 'string' && typeof context !== 'symbol') throw misplacedError(decorator, 'a class');
    if (typeof descriptor === 'number') throw misplacedError(decorator, `a parameter of ${String(context)}`);
    if (typeof descriptor?.value !== 'function') throw misplacedError(decorator, `the property ${String(context)}`);
    return { ...descriptor, value: wrapMethod(descriptor.value, wrap) };
  };
}

function isStandardContext(context: unknown): context is DecoratorContext {
  return typeof context === 'object' && context !== null && 'kind' in context;
}

function misplacedError(decorator: string, place: string): DecoratorUsageError {
  return new DecoratorUsageError(
    `@${decorator}() is on ${place}; expected a method. Write it directly before a method.`,
  );
}

import { DecoratorUsageError } from '../errors/errors.js';

// biome-ignore lint/suspicious/noExplicitAny: matches any method, whose own types pass through unchanged
export type AnyMethod = (this: any, ...args: any[]) => any;

/** A method decorator that works with `experimentalDecorators` and with the standard's decorators. */
export interface TrackDecorator {
  // biome-ignore lint/suspicious/noExplicitAny: a method may declare the type of its `this`, which is unknown here
  <Method extends AnyMethod>(method: Method, context: ClassMethodDecoratorContext<any, any>): Method;
  <Method extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>;
}

/**
 * Creates a method decorator for both decorator dialects from a function that wraps a method.
 *
 * The wrapper has the method's name, length and other own properties. The decorator throws `DecoratorUsageError` if it
 * is not on a method.
 */
export function decorate(decorator: string, wrap: (method: AnyMethod) => AnyMethod): TrackDecorator {
  const wrapMethod = (method: AnyMethod): AnyMethod => {
    const wrapper = wrap(method);
    if (wrapper === method) return method;
    Object.setPrototypeOf(wrapper, Object.getPrototypeOf(method));
    Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(method));
    return wrapper;
  };
  const decorateMethod = (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => {
    if (isStandardContext(context)) {
      if (context.kind !== 'method' || typeof target !== 'function') {
        throw misplacedError(decorator, `the ${context.kind} ${String(context.name)}`);
      }
      return wrapMethod(target as AnyMethod);
    }
    if (typeof context !== 'string' && typeof context !== 'symbol') throw misplacedError(decorator, 'a class');
    if (typeof descriptor === 'number') throw misplacedError(decorator, `a parameter of ${String(context)}`);
    if (typeof descriptor?.value !== 'function') throw misplacedError(decorator, `the property ${String(context)}`);
    return { ...descriptor, value: wrapMethod(descriptor.value) };
  };
  return decorateMethod as TrackDecorator;
}

function isStandardContext(context: unknown): context is DecoratorContext {
  return typeof context === 'object' && context !== null && 'kind' in context;
}

function misplacedError(decorator: string, place: string): DecoratorUsageError {
  return new DecoratorUsageError(
    `@${decorator}() is on ${place}; expected a method. Write it directly before a method.`,
  );
}

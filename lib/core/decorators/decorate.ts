import { DecoratorUsageError } from '../errors/errors.js';

// biome-ignore lint/suspicious/noExplicitAny: stands for any method, whose own types pass through unchanged
export type AnyMethod = (this: any, ...args: any[]) => any;

/** A method decorator that works with `experimentalDecorators` and with the standard's decorators. */
export interface TrackDecorator {
  // biome-ignore lint/suspicious/noExplicitAny: a method may state the type of its `this`, of which none is known here
  <Method extends AnyMethod>(method: Method, context: ClassMethodDecoratorContext<any, any>): Method;
  <Method extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>;
}

/**
 * Makes a method decorator of both dialects out of a function that wraps a method.
 *
 * The wrapper takes over the method's name, length and other own properties. The decorator throws
 * `DecoratorUsageError` when it stands on anything but a method.
 */
export function decorate(decorator: string, wrap: (method: AnyMethod) => AnyMethod): TrackDecorator {
  const wrapMethod = (method: AnyMethod): AnyMethod => {
    const wrapper = wrap(method);
    Object.setPrototypeOf(wrapper, Object.getPrototypeOf(method));
    Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(method));
    return wrapper;
  };
  const decorateMethod = (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => {
    if (isStandardContext(context)) {
      if (context.kind !== 'method' || typeof target !== 'function') {
        throw misplaced(decorator, `the ${context.kind} ${String(context.name)}`);
      }
      return wrapMethod(target as AnyMethod);
    }
    if (typeof context !== 'string' && typeof context !== 'symbol') throw misplaced(decorator, 'a class');
    if (typeof descriptor === 'number') throw misplaced(decorator, `a parameter of ${String(context)}`);
    if (typeof descriptor?.value !== 'function') throw misplaced(decorator, `the property ${String(context)}`);
    return { ...descriptor, value: wrapMethod(descriptor.value) };
  };
  return decorateMethod as TrackDecorator;
}

function isStandardContext(context: unknown): context is DecoratorContext {
  return typeof context === 'object' && context !== null && 'kind' in context;
}

function misplaced(decorator: string, place: string): DecoratorUsageError {
  return new DecoratorUsageError(
    `@${decorator}() stands on ${place}; expected a method. Write it before the method to be measured.`,
  );
}

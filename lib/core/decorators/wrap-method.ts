// biome-ignore lint/suspicious/noExplicitAny: matches any method or function, whose own types pass through unchanged
export type AnyMethod = (this: any, ...args: any[]) => any;

/**
 * Wraps a method or function. The wrapper gets its prototype, name, length and other own properties.
 *
 * `wrap` can return the method itself. The method is then unchanged.
 */
export function wrapMethod<Method extends AnyMethod>(method: Method, wrap: (method: Method) => AnyMethod): Method {
  const wrapper = wrap(method);
  if (wrapper === method) return method;
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(method));
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(method));
  return wrapper as Method;
}

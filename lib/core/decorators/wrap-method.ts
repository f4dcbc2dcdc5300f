// biome-ignore lint/suspicious/noExplicitAny: matches any method or function, whose own types pass through unchanged
export type AnyMethod = (this: any, ...args: any[]) => any;

/** Wraps a method or function. The wrapper has its prototype, name, length and other own properties. */
export function wrapMethod<Method extends AnyMethod>(method: Method, wrap: (method: Method) => AnyMethod): Method {
  const wrapper = wrap(method);
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(method));
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(method));
  return wrapper as Method;
}

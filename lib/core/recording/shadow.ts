/** Puts a method of its own on an object, before the one it inherits; not enumerable, and removable. */
export function shadow(target: object, key: PropertyKey, method: (this: never, ...args: never[]) => unknown): void {
  Object.defineProperty(target, key, { value: method, configurable: true, enumerable: false, writable: true });
}

/** Whether a value has a method of that name. */
export function hasMethod<Key extends PropertyKey>(
  value: object,
  key: Key,
): value is Record<Key, (...args: unknown[]) => unknown> {
  return typeof (value as Record<PropertyKey, unknown>)[key] === 'function';
}

/** Overrides a method on one object. The property is not enumerable and can be removed. */
export function overrideMethod(
  target: object,
  key: PropertyKey,
  method: (this: never, ...args: never[]) => unknown,
): void {
  Object.defineProperty(target, key, { value: method, configurable: true, enumerable: false, writable: true });
}

/** Whether a property of an object can be overridden. The object must be extensible. */
export function isOverridable(target: object, key: PropertyKey): boolean {
  return Object.getOwnPropertyDescriptor(target, key)?.configurable !== false;
}

/** Whether a value has a method of this name. */
export function hasMethod<Key extends PropertyKey>(
  value: object,
  key: Key,
): value is Record<Key, (...args: unknown[]) => unknown> {
  return typeof (value as Record<PropertyKey, unknown>)[key] === 'function';
}

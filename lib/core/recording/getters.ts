/** Returns the getter of a property, own or inherited. Undefined if the property has a value or does not exist. */
export function getterOf(owner: object, name: PropertyKey): (() => unknown) | undefined {
  return findProperty(owner, name)?.get;
}

/** Returns the names of all properties of an object that have getters, own and inherited. */
export function getterNames(owner: object): ReadonlySet<PropertyKey> {
  const names = new Set<PropertyKey>();
  const hidden = new Set<PropertyKey>();
  for (const holder of holders(owner)) {
    for (const name of Reflect.ownKeys(holder)) {
      if (!hidden.has(name) && Object.getOwnPropertyDescriptor(holder, name)?.get !== undefined) names.add(name);
      hidden.add(name);
    }
  }
  return names;
}

/**
 * Passes each value that the getter of a property returns to `onRead`. The getter runs only when the application reads
 * the property.
 *
 * The property keeps its setter and stays configurable. Returns a function that removes the override, or undefined if
 * the property has no getter or can't be overridden.
 *
 * @throws {TypeError} if the object is not extensible.
 */
export function watchGetter(
  owner: object,
  name: PropertyKey,
  onRead: (value: unknown) => void,
): (() => void) | undefined {
  const { get, set, enumerable = false } = findProperty(owner, name) ?? {};
  const own = Object.getOwnPropertyDescriptor(owner, name);
  if (get === undefined || own?.configurable === false) return undefined;
  Object.defineProperty(owner, name, {
    ...(set && { set }),
    configurable: true,
    // An inherited property is not listed among the object's own keys.
    enumerable: own !== undefined && enumerable,
    // The receiver can be another object than the owner, for example the target of a Proxy.
    get(this: unknown) {
      const value: unknown = get.call(this);
      onRead(value);
      return value;
    },
  });
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, own);
  };
}

function findProperty(owner: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (const holder of holders(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** Yields an object and its prototypes, except the one that all objects share. */
function* holders(owner: object): Generator<object> {
  for (
    let holder: object | null = owner;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder)
  ) {
    yield holder;
  }
}

import { getterNames, watchGetter } from './getters.js';

/** One read of a property with a getter. */
interface Read {
  readonly owner: object;
  readonly name: PropertyKey;
  readonly value: unknown;
}

/**
 * Records which getters of a result a function reads.
 *
 * A getter can return a new stream at each read. The application must get the stream that is followed. So the next read
 * of the property returns that stream, and later reads call the getter again.
 */
export class GetterReads {
  readonly #reads = new Map<PropertyKey, Read>();
  readonly #restore: (() => void)[] = [];

  /** Begins to record the reads of a result. Getters that can't be overridden are not recorded. */
  start(owner: object): void {
    try {
      if (!Object.isExtensible(owner)) return;
      for (const name of getterNames(owner)) {
        const restore = watchGetter(owner, name, (value) => this.#reads.set(name, { owner, name, value }));
        if (restore !== undefined) this.#restore.push(restore);
      }
    } catch {
      // The result is a Proxy that does not allow this.
    }
  }

  /** Ends the recording. The getters that returned this value return it once more. */
  stop(value: unknown): void {
    try {
      for (const restore of this.#restore) restore();
      if (typeof value !== 'object' || value === null) return;
      for (const read of this.#reads.values()) if (read.value === value) keepValue(read);
    } catch {
      // The application has frozen the result in the meantime.
    }
  }
}

/** Returns the value at the next read of the property, in place of the value of its getter. */
function keepValue({ owner, name, value }: Read): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const restore = (): void => {
    if (own === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, own);
  };
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    get: () => {
      restore();
      return value;
    },
    set: (assigned: unknown) => {
      restore();
      (owner as Record<PropertyKey, unknown>)[name] = assigned;
    },
  });
}

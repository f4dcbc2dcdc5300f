import 'reflect-metadata';
import type { TrackOptions } from '../recording/call-options.js';

/** The kind of call that a decorator or wrapper records. */
export type TrackedKind = 'node' | 'graph' | 'request' | 'tool';

/** A tracked method of a class. A method with several decorators or wrappers is listed once for each. */
export interface TrackedMethod {
  readonly kind: TrackedKind;
  readonly method: string | symbol;
  readonly static: boolean;
  /** The options passed to the decorator or wrapper. */
  readonly options: TrackOptions;
}

type TrackedBy = Pick<TrackedMethod, 'kind' | 'options'>;

const TRACKED_BY = 'tinyllm:tracked-by';

/** Copies the metadata of a method to its wrapper, and records the decorator and its options. */
export function recordTracking(wrapper: object, method: object, tracking: TrackedBy): void {
  for (const key of Reflect.getOwnMetadataKeys(method)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, method), wrapper);
  }
  Reflect.defineMetadata(TRACKED_BY, [tracking, ...trackedBy(method)], wrapper);
}

function trackedBy(method: object): readonly TrackedBy[] {
  return Reflect.getOwnMetadata(TRACKED_BY, method) ?? [];
}

/**
 * Lists the tracked methods of a class, or of the class of an instance.
 *
 * Includes inherited methods, but not overridden ones. Static methods are last. `#private` methods are missing, because
 * they are invisible outside their class.
 */
export function getTrackedMethods(classOrInstance: object): TrackedMethod[] {
  if (typeof classOrInstance !== 'function') return trackedOn(Object.getPrototypeOf(classOrInstance), false);
  return [...trackedOn(classOrInstance.prototype, false), ...trackedOn(classOrInstance, true)];
}

function trackedOn(holder: object | null, isStatic: boolean): TrackedMethod[] {
  const found = new Map<string | symbol, TrackedMethod[]>();
  for (let current = holder; current !== null && current !== undefined; current = Object.getPrototypeOf(current)) {
    for (const method of Reflect.ownKeys(current)) {
      if (found.has(method)) continue;
      const value: unknown = Object.getOwnPropertyDescriptor(current, method)?.value;
      const tracking = typeof value === 'function' ? trackedBy(value) : [];
      found.set(
        method,
        tracking.map((by) => ({ ...by, method, static: isStatic })),
      );
    }
  }
  return [...found.values()].flat();
}

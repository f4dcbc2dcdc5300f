/** The fields of a JSON object or of another object. None has been validated. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value has fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Returns the object in a field, or an object without fields if there is none. */
export function fieldsIn(value: unknown): Fields {
  return isFields(value) ? value : noFields;
}

const noFields: Fields = Object.freeze({});

/**
 * Returns the number in a field, for example a token count. Returns undefined if it is not a number from 0 to 2^53 - 1.
 */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Converts a duration to seconds. Returns undefined if it is not a positive number up to 2^53 - 1. */
export function secondsIn(value: unknown, unitsPerSecond: number): number | undefined {
  const units = numberIn(value);
  return units === undefined || units === 0 ? undefined : units / unitsPerSecond;
}

/** Whether a value has content: it is not undefined, null, NaN, an empty text or an empty list. */
export function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && !Number.isNaN(value);
}

/** Returns the objects in a list, or an empty list if the value is not a list. */
export function listOfFields(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : noList;
}

const noList: readonly Fields[] = Object.freeze([]);

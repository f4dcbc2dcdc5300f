/** The fields of a JSON object, or of another object, none of which has been checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value has fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** The object in a field, or an object without fields if there is none. */
export function fieldsIn(value: unknown): Fields {
  return isFields(value) ? value : noFields;
}

const noFields: Fields = Object.freeze({});

/** A field's count, for example of tokens; undefined if the field has no number from 0 to 2^53. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A duration in seconds, from a number of some unit; undefined if it is no positive, finite number. */
export function secondsIn(value: unknown, unitsPerSecond: number): number | undefined {
  const units = numberIn(value);
  return units === undefined || units === 0 ? undefined : units / unitsPerSecond;
}

/** Whether a value is neither empty nor a word for "none": null, NaN, an empty text or list. */
export function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && !Number.isNaN(value);
}

/** The objects of a list; an empty list if the value is no list. */
export function listOfFields(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : noList;
}

const noList: readonly Fields[] = Object.freeze([]);

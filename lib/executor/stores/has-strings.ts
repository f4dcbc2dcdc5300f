/** Whether a value is an object in which all these fields are strings. */
export function hasStrings<Name extends string>(
  value: unknown,
  names: readonly Name[],
): value is Readonly<Record<Name, string>> {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return names.every((name) => typeof fields[name] === 'string');
}

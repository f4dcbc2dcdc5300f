/**
 * Returns the value of an environment variable. Undefined if it is not set, is empty, or must not be read: Deno throws
 * without `--allow-env`.
 */
export function environmentVariable(name: string): string | undefined {
  try {
    return process.env[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

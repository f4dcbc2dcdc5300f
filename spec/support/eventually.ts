import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `probe` repeatedly until it resolves to a value other than `false` and `undefined`, and returns the value.
 *
 * After `seconds` (default 20), it throws the last error of `probe`, or an error if there was none.
 */
export async function eventually<T>(
  probe: () => Promise<T | false | undefined>,
  { seconds = 20 }: { readonly seconds?: number } = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (let pause = 5; ; pause = Math.min(2 * pause, 100)) {
    let problem: unknown = new Error(`no value within ${seconds} s`);
    try {
      const value = await probe();
      if (value !== false && value !== undefined) return value;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > end) throw problem;
    await sleep(pause);
  }
}

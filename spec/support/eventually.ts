import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither `false` nor `undefined`, and returns it.
 *
 * Throws the last error, or that nothing came, after `seconds` (default 20).
 */
export async function eventually<T>(
  ask: () => Promise<T | false | undefined>,
  { seconds = 20 }: { readonly seconds?: number } = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (let pause = 5; ; pause = Math.min(2 * pause, 100)) {
    let problem: unknown = new Error(`nothing came in ${seconds} s`);
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > end) throw problem;
    await sleep(pause);
  }
}

import { randomLcg } from 'd3-random';

/** Returns a random number from 0 (inclusive) to 1 (exclusive). */
export type RandomSource = () => number;

/**
 * Creates a source of random numbers. The same seed and stream produce the same numbers.
 *
 * @param seed A whole number.
 * @param stream A whole number that distinguishes sources with the same seed.
 */
export function seededSource(seed: number, stream: number): RandomSource {
  // Similar seeds of a linear congruential generator start with similar numbers, so scramble the seed.
  return randomLcg((scramble(scramble(seed) + stream) >>> 1) + 1);
}

/** The finalizer of MurmurHash3, by Austin Appleby, in the public domain. */
function scramble(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

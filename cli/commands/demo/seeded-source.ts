import { randomLcg } from 'd3-random';

/** A number from 0 up to, but not, 1. */
export type RandomSource = () => number;

/**
 * Makes a source of random numbers that are the same for the same seed.
 *
 * @param seed A whole number.
 * @param stream Tells apart the sources of one seed; a whole number.
 */
export function seededSource(seed: number, stream: number): RandomSource {
  // Neighbouring seeds of a linear congruential generator begin alike: they are spread over its whole range first.
  return randomLcg((scramble(scramble(seed) + stream) >>> 1) + 1);
}

/** The finalizer of MurmurHash3, by Austin Appleby, in the public domain. */
function scramble(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

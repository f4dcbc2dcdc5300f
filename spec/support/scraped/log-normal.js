/** Number of values. */
const COUNT = 1_000_000;

/** Returns 1,000,000 values of a log-normal distribution with the median 1. Each call returns the same values. */
export function logNormal(sigma) {
  const values = new Float64Array(COUNT);
  const random = seededRandom(12_345);
  for (let index = 0; index < COUNT; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    values[index] = Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
  }
  return values;
}

/** A generator of the family xorshift, with 32 bits of state. */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

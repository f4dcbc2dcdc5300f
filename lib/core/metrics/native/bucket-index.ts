/** Bit positions and sizes of a double (IEEE 754). */
const EXPONENT_SHIFT = 20;
const EXPONENT_BIAS = 1_023;
const HIGH_MANTISSA_MASK = 0xf_ffff;
const MANTISSA_BITS = 52n;
/** A factor that makes each subnormal number normal. */
const SUBNORMAL_SCALE = 2 ** 54;
const SUBNORMAL_EXPONENT = 54;
/** The highest bits of the mantissa choose the first bound to compare with. */
const GUESS_SHIFT = 12;
const GUESSES = 256;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
/** The position of a double's high word. It depends on the byte order of the machine. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

/** The bounds of the buckets between 1 and 2 for one schema, in the form that is searched fastest. */
export interface BucketTable {
  readonly schema: number;
  /** The bounds, as the two words of their mantissas. The last one is above all mantissas. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** The first possible bound, by the eight highest bits of a mantissa. */
  readonly guesses: Uint16Array;
}

const tables = new Map<number, BucketTable>();

/** Returns the table of a schema, from -4 to 8. */
export function bucketTable(schema: number): BucketTable {
  let table = tables.get(schema);
  if (table === undefined) {
    table = createTable(schema);
    tables.set(schema, table);
  }
  return table;
}

/**
 * Returns the index of the bucket that contains a positive finite number: the smallest i with number <= 2^(i *
 * 2^-schema).
 *
 * The result is exact. A logarithm would be rounded wrongly at some bounds.
 */
export function bucketIndex({ schema, high, low, guesses }: BucketTable, value: number): number {
  number[0] = value;
  let exponent = words[HIGH]! >>> EXPONENT_SHIFT;
  if (exponent === 0) {
    number[0] = value * SUBNORMAL_SCALE;
    exponent = (words[HIGH]! >>> EXPONENT_SHIFT) - SUBNORMAL_EXPONENT;
  }
  exponent -= EXPONENT_BIAS;
  const highBits = words[HIGH]! & HIGH_MANTISSA_MASK;
  const lowBits = words[LOW]!;
  if (schema <= 0) {
    const index = highBits === 0 && lowBits === 0 ? exponent : exponent + 1;
    return ((index - 1) >> -schema) + 1;
  }
  let bound = guesses[highBits >>> GUESS_SHIFT]!;
  while (highBits > high[bound]! || (highBits === high[bound] && lowBits > low[bound]!)) bound++;
  return (exponent << schema) + bound;
}

/** Returns the inclusive upper bound of a bucket: the largest double that is at most 2^(index * 2^-schema). */
export function upperBound(schema: number, index: number): number {
  if (schema <= 0) return 2 ** (index * 2 ** -schema);
  const { high, low } = bucketTable(schema);
  const bound = index & (2 ** schema - 1);
  const exponent = index >> schema;
  const mantissa = 1 + (high[bound]! * 2 ** 32 + low[bound]!) / 2 ** 52;
  // In two steps, because 2^exponent itself can be outside the range of normal numbers.
  return mantissa * 2 ** (exponent >> 1) * 2 ** (exponent - (exponent >> 1));
}

function createTable(schema: number): BucketTable {
  const count = schema > 0 ? 2 ** schema : 0;
  const high = new Uint32Array(count + 1).fill(HIGH_MANTISSA_MASK + 1);
  const low = new Uint32Array(count + 1);
  for (let bound = 0; bound < count; bound++) {
    const mantissa = mantissaOf(bound, count);
    high[bound] = Number(mantissa >> 32n);
    low[bound] = Number(mantissa & 0xffff_ffffn);
  }
  const guesses = new Uint16Array(GUESSES);
  let bound = 0;
  for (let top = 0; top < GUESSES; top++) {
    while (bound < count && high[bound]! < top << GUESS_SHIFT) bound++;
    guesses[top] = bound;
  }
  return { schema, high, low, guesses };
}

/** Returns the mantissa of the largest double that is at most 2^(bound / count), without its leading 1. */
function mantissaOf(bound: number, count: number): bigint {
  const one = 1n << MANTISSA_BITS;
  const power = BigInt(count);
  const limit = 1n << (MANTISSA_BITS * power + BigInt(bound));
  let mantissa = BigInt(Math.floor(2 ** (bound / count) * 2 ** 52));
  while (mantissa ** power > limit) mantissa--;
  while ((mantissa + 1n) ** power <= limit) mantissa++;
  return mantissa - one;
}

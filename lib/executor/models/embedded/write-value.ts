import type { BigNumber, Complex, MathJsInstance, Unit } from 'mathjs';
import { exactDigits } from './mathematics.js';
import { NoValue } from './no-value.js';
import type { Value } from './operations.js';

/**
 * An exact decimal of at least 1e-7 with at most this number of significant digits is not rounded. For doubles, the
 * limit is 11 digits.
 */
const unroundedDigits = 15;
/** Decimals with more digits are rounded to 7 significant digits or 6 decimal places, whichever shows more digits. */
const shownDigits = 7;
const shownDecimals = 6;
/** The number of digits of a double that are reliable after a few operations. */
const doubleDigits = 14;
/** Whole numbers with more digits than this are rounded. */
const longestInteger = 40;

/** Common names of units whose names differ in mathjs. */
const unitNames: Readonly<Record<string, string>> = {
  celsius: '°C',
  degC: '°C',
  fahrenheit: '°F',
  degF: '°F',
  kelvin: 'K',
  nauticalmile: 'nautical mile',
  nauticalmiles: 'nautical miles',
  'nauticalmile/hour': 'knots',
  fluidounce: 'fluid ounce',
  fluidounces: 'fluid ounces',
  lightyear: 'light year',
  lightyears: 'light years',
};
const singulars: Readonly<Record<string, string>> = { feet: 'foot', inches: 'inch', centuries: 'century' };

/**
 * Formats a value as an answer. Whole numbers of up to 40 digits and short decimals are exact. Others have at least
 * seven significant digits. Doubles are first rounded to 14 significant digits.
 *
 * @throws {NoValue} if the value is not finite.
 */
export function writeValue(value: Value, math: MathJsInstance): string {
  if (math.isUnit(value)) return writeMeasure(value, math);
  if (math.isComplex(value)) return writeComplex(value, math);
  return writeNumber(value as BigNumber | number, math);
}

function writeNumber(value: BigNumber | number, math: MathJsInstance, isConverted = false): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return throwNoValue(Number.isNaN(value));
  // Sines and cosines whose value is zero are computed as about 1e-16.
  if (typeof value === 'number' && !isConverted && Math.abs(value) < 1e-15) return '0';
  const number = typeof value === 'number' ? math.bignumber(value.toPrecision(doubleDigits)) : value;
  if (!number.isFinite()) return throwNoValue(number.isNaN());
  if (number.isZero()) return '0';
  if (number.isInteger() && number.e < longestInteger) return number.toFixed();
  if (number.e >= longestInteger || number.e < -shownDigits) {
    return number.toSignificantDigits(shownDigits).toExponential();
  }
  // Uses two digits fewer than the computation, so that (1/3)*3 is 1.
  const rounded = number.toSignificantDigits(exactDigits - 2);
  if (rounded.precision() <= (typeof value === 'number' ? doubleDigits - 3 : unroundedDigits)) return rounded.toFixed();
  const digits = Math.max(shownDigits, rounded.e + 1 + shownDecimals);
  return rounded.toSignificantDigits(digits).toFixed();
}

function throwNoValue(isUndefined: boolean): never {
  throw new NoValue(isUndefined ? 'Undefined.' : 'Too large to write out.');
}

function writeComplex({ re, im }: Complex, math: MathJsInstance): string {
  const imaginary = `${writeNumber(Math.abs(im), math)}i`.replace(/^1i$/, 'i');
  const real = writeNumber(re, math);
  if (real === '0') return im < 0 ? `-${imaginary}` : imaginary;
  return `${real} ${im < 0 ? '-' : '+'} ${imaginary}`;
}

function writeMeasure(value: Unit, math: MathJsInstance): string {
  const measure = (value.skipAutomaticSimplification || value.fixPrefix
    ? value
    : value.simplify()
  ).toJSON() as unknown as {
    readonly value: number;
    readonly unit: string;
  };
  const number = writeNumber(measure.value, math, value.fixPrefix);
  const unit = measure.unit.replaceAll(' ', '');
  const single = number === '1' && /^[a-z]{3,}$/.test(unit) ? (singulars[unit] ?? unit.replace(/s$/, '')) : unit;
  return `${number} ${unitNames[single] ?? single.replace(/^([a-z]{3,})\^([23])$/, powerName)}`;
}

function powerName(_unit: string, name: string, power: string): string {
  return `${power === '2' ? 'square' : 'cubic'} ${name}`;
}

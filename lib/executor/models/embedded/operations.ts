import type { BigNumber, Complex, MathJsInstance, Unit } from 'mathjs';
import { NotArithmetic, NoValue } from './no-value.js';

/** The value of an expression. */
export type Value = BigNumber | Complex | number | Unit;

/** Computes one operation from the values of its arguments. */
export type Operation = (math: MathJsInstance, values: readonly Value[]) => Value;

/** Larger integers are not exact, and the duration of some algorithms is proportional to the value. */
const exactLimit = 1e60;
/** The largest exponent. Results beyond it have more than a billion digits. */
const largestExponent = 1e9;
const largestFactorial = 3000;
const largestRoot = 1e6;

/** An operation of mathjs without additional checks. */
const plain =
  (name: string): Operation =>
  (math, values) =>
    // biome-ignore lint/suspicious/noExplicitAny: mathjs declares no type for a function looked up by its name
    (math as any)[name](...values);

/** An operation of mathjs on numbers without a unit, up to a limit. */
const bounded =
  (name: string, limit: number): Operation =>
  (math, values) => {
    const largest = Math.max(...values.map((value) => Math.abs(magnitude(value))));
    if (Number.isNaN(largest)) throw new NotArithmetic();
    if (largest > limit) throw new NoValue('Too large to compute exactly.');
    return plain(name)(math, values);
  };

const divisor =
  (operation: Operation): Operation =>
  (math, values) => {
    if (isZero(values.at(-1), math)) throw new NoValue('Undefined: division by zero.');
    return operation(math, values);
  };

const power: Operation = (math, [base = Number.NaN, exponent = Number.NaN]) => {
  if (isZero(base, math) && magnitude(exponent) < 0) throw new NoValue('Undefined: division by zero.');
  if (Math.abs(magnitude(exponent)) > largestExponent) throw new NoValue('Too large or too small to write out.');
  return plain('pow')(math, [base, exponent]);
};

const factorial: Operation = (math, [value = Number.NaN]) => {
  const count = magnitude(value);
  if (!Number.isInteger(count) || count < 0) {
    throw new NoValue('Undefined: a factorial needs a whole number of at least zero.');
  }
  if (count > largestFactorial) throw new NoValue('Too large to write out.');
  return plain('factorial')(math, [value]);
};

const logarithm = (math: MathJsInstance, values: readonly Value[], name = 'log10'): Value => {
  if (values.some((value) => !(magnitude(value) > 0))) {
    throw new NoValue('Undefined: a logarithm needs a number above zero.');
  }
  return plain(values.length === 1 ? name : 'log')(math, values);
};

const conversion: Operation = (math, [source, target]) => {
  if (!math.isUnit(source) || !math.isUnit(target)) throw new NotArithmetic();
  const from = asFluidOunces(source, target, math);
  const to = asFluidOunces(target, source, math);
  if (!from.equalBase(to)) {
    throw new NoValue(`Not possible: ${from.formatUnits()} and ${to.formatUnits()} do not measure the same thing.`);
  }
  return plain('to')(math, [from, to]);
};

/** Converts ounces to fluid ounces if the other unit is a volume. */
function asFluidOunces(value: Unit, other: Unit, math: MathJsInstance): Unit {
  const written = value.formatUnits();
  if (!/^(?:oz|ounces?)$/.test(written) || !other.hasBase('VOLUME')) return value;
  return value.value === null ? math.unit('fluidounces') : math.unit(value.toNumber(written), 'fluidounces');
}

const root: Operation = (math, [value = Number.NaN, degree = 2]) => {
  const count = magnitude(degree);
  if (!Number.isInteger(count) || count < 1 || count > largestRoot) throw new NotArithmetic();
  if (magnitude(value) < 0 && count % 2 === 0) throw new NoValue('Undefined: an even root of a negative number.');
  return plain('nthRoot')(math, [value, degree]);
};

const tangent: Operation = (math, values) => {
  const value = plain('tan')(math, values);
  // A right angle is not exact in binary floating point, so its tangent is huge instead of infinite.
  if (Math.abs(magnitude(value)) > 1e12) throw new NoValue('Undefined: the tangent of a right angle.');
  return value;
};

/** All operations of the calculator, by the names in mathjs's syntax tree. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ...['add', 'subtract', 'multiply', 'unaryMinus', 'unaryPlus'].map(named),
  ...['sqrt', 'cbrt', 'abs', 'mean', 'median', 'min', 'max', 'sin', 'cos'].map(named),
  ...['gcd', 'lcm', 'round', 'floor', 'ceil'].map((name): [string, Operation] => [name, bounded(name, exactLimit)]),
  ['divide', divisor(plain('divide'))],
  ['mod', divisor(bounded('mod', exactLimit))],
  ['to', conversion],
  ['exp', bounded('exp', largestExponent)],
  ['pow', power],
  ['factorial', factorial],
  ['log', (math, values) => logarithm(math, values)],
  ['log10', (math, [value = Number.NaN]) => logarithm(math, [value])],
  ['log2', (math, [value = Number.NaN]) => logarithm(math, [value, 2])],
  ['ln', (math, [value = Number.NaN]) => logarithm(math, [value], 'log')],
  ['nthRoot', root],
  ['tan', tangent],
]);

/** Functions whose value is proportional to their arguments, so that a unit can follow them. */
export const scaling: ReadonlySet<string> = new Set(['abs', 'mean', 'median', 'min', 'max']);

/** Operations on angles. They are computed with doubles. */
export const angular: ReadonlySet<string> = new Set(['sin', 'cos', 'tan']);

function named(name: string): [string, Operation] {
  return [name, plain(name)];
}

function isZero(value: Value | undefined, math: MathJsInstance): boolean {
  return magnitude(value) === 0 || (math.isUnit(value) && value.value === 0);
}

/** Returns a number without a unit as a double, or NaN for other values. */
function magnitude(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  return value !== undefined && 'toNumber' in value && !('units' in value) ? value.toNumber() : Number.NaN;
}

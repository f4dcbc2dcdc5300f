import type { BigNumber, Complex, MathJsInstance, Unit } from 'mathjs';
import { NotArithmetic, NoValue } from './no-value.js';

/** What an expression can be worth. */
export type Value = BigNumber | Complex | number | Unit;

/** Computes one operation; the arguments are values already. */
export type Operation = (math: MathJsInstance, values: readonly Value[]) => Value;

/** Beyond it integers are no longer exact, and some algorithms take time in proportion to the value. */
const exactLimit = 1e60;
/** The largest exponent; what is beyond has more digits than anyone could store. */
const largestExponent = 1e9;
const largestFactorial = 3000;
const largestRoot = 1e6;

/** An operation of mathjs, as it is. */
const plain =
  (name: string): Operation =>
  (math, values) =>
    // biome-ignore lint/suspicious/noExplicitAny: mathjs declares no type for a function looked up by its name
    (math as any)[name](...values);

/** An operation of mathjs on plain numbers no larger than a limit. */
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
    throw new NoValue('Undefined: a factorial is taken of a whole number, zero or more.');
  }
  if (count > largestFactorial) throw new NoValue('Too large to write out.');
  return plain('factorial')(math, [value]);
};

const logarithm = (math: MathJsInstance, values: readonly Value[], name = 'log10'): Value => {
  if (values.some((value) => !(magnitude(value) > 0))) {
    throw new NoValue('Undefined: a logarithm is taken of a number above zero.');
  }
  return plain(values.length === 1 ? name : 'log')(math, values);
};

const conversion: Operation = (math, [source, target]) => {
  if (!math.isUnit(source) || !math.isUnit(target)) throw new NotArithmetic();
  const from = besideVolume(source, target, math);
  const to = besideVolume(target, source, math);
  if (!from.equalBase(to)) {
    throw new NoValue(`Not possible: ${from.formatUnits()} and ${to.formatUnits()} do not measure the same thing.`);
  }
  return plain('to')(math, [from, to]);
};

/** Ounces are fluid ones where the other side is a volume. */
function besideVolume(value: Unit, other: Unit, math: MathJsInstance): Unit {
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
  // A right angle is not exact in binary floating point, so its tangent comes out huge rather than infinite.
  if (Math.abs(magnitude(value)) > 1e12) throw new NoValue('Undefined: the tangent of a right angle.');
  return value;
};

/** Every operation the calculator carries out, by the name mathjs parses it to; there are no others. */
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

/** Functions whose value grows as their arguments do, so that a measure may stand behind them. */
export const scaling: ReadonlySet<string> = new Set(['abs', 'mean', 'median', 'min', 'max']);

/** Operations that count in doubles. */
export const angular: ReadonlySet<string> = new Set(['sin', 'cos', 'tan']);

function named(name: string): [string, Operation] {
  return [name, plain(name)];
}

function isZero(value: Value | undefined, math: MathJsInstance): boolean {
  return magnitude(value) === 0 || (math.isUnit(value) && value.value === 0);
}

/** A plain number's size as a double; NaN for what is no plain number. */
function magnitude(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  return value !== undefined && 'toNumber' in value && !('units' in value) ? value.toNumber() : Number.NaN;
}

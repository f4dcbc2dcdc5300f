import type { MathJsInstance, MathNode } from 'mathjs';
import { type Part, parseExpression } from './expression-tree.js';
import type { Mathematics } from './mathematics.js';
import { NotArithmetic } from './no-value.js';
import { type Operation, operations, type Value } from './operations.js';
import { constants, unitNamed } from './symbols.js';

/**
 * Evaluates an expression by walking its syntax tree.
 *
 * Only numbers, units, pi, e and the operations in {@link operations} are allowed. mathjs only parses the text and
 * never evaluates it. Definitions, matrices, strings and other functions are rejected, so they are never executed.
 *
 * @throws {NotArithmetic} for any other expression.
 * @throws {NoValue} if an operation has no value, such as a division by zero.
 */
export function evaluate(text: string, mathematics: Mathematics): Value {
  const { root, hasUnits } = parseExpression(text, mathematics);
  return evaluatePart(root, hasUnits ? doubles(mathematics) : decimals(mathematics));
}

/** A way to compute: with exact decimals, or with doubles that can have units. */
interface Arithmetic {
  readonly math: MathJsInstance;
  readonly constant: (value: unknown) => Value;
  readonly symbol: (name: string) => Value | undefined;
}

function decimals({ exact }: Mathematics): Arithmetic {
  return {
    math: exact,
    constant: (value) => exact.bignumber(value as string),
    symbol: (name) => constants.get(name)?.(exact),
  };
}

function doubles({ exact, withUnits }: Mathematics): Arithmetic {
  return {
    math: withUnits,
    constant: Number,
    symbol: (name) => {
      const unit = constants.has(name) ? undefined : unitNamed(name, withUnits);
      return unit === undefined ? constants.get(name)?.(exact).toNumber() : withUnits.unit(unit);
    },
  };
}

function evaluatePart(part: Part, arithmetic: Arithmetic): Value {
  const inner = (child: MathNode): Value => evaluatePart(child as Part, arithmetic);
  switch (part.type) {
    case 'ParenthesisNode':
      return inner(part.content);
    case 'ConstantNode':
      return constantOf(part.value, arithmetic);
    case 'SymbolNode':
      return known(arithmetic.symbol(part.name));
    case 'FunctionNode':
      return operationNamed(part.fn.name)(arithmetic.math, part.args.map(inner));
    case 'OperatorNode':
      return operationNamed(part.fn)(arithmetic.math, part.args.map(inner));
  }
}

/** Accepts only numbers. The parser also treats strings, booleans and `null` as constants. */
function constantOf(value: unknown, { math, constant }: Arithmetic): Value {
  if (typeof value !== 'number' && !math.isBigNumber(value)) throw new NotArithmetic();
  return constant(value);
}

function operationNamed(name: string): Operation {
  return known(operations.get(name));
}

function known<Type>(found: Type | undefined): Type {
  if (found === undefined) throw new NotArithmetic();
  return found;
}

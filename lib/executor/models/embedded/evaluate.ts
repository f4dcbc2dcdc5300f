import type { MathJsInstance, MathNode } from 'mathjs';
import { type Part, parseExpression } from './expression-tree.js';
import type { Mathematics } from './mathematics.js';
import { NotArithmetic } from './no-value.js';
import { type Operation, operations, type Value } from './operations.js';
import { constants, unitNamed } from './symbols.js';

/**
 * Computes an expression by walking its tree.
 *
 * Only numbers, units, pi, e and the operations of the table have a value; mathjs itself only parses the text and
 * never runs it, so no definition, matrix, string or function outside the table has an effect.
 *
 * @throws NotArithmetic for anything else; NoValue where the operations say so.
 */
export function evaluate(text: string, mathematics: Mathematics): Value {
  const { root, measures } = parseExpression(text, mathematics);
  return measures ? worthOf(root, doubles(mathematics)) : worthOf(root, decimals(mathematics));
}

/** What counts: in exact decimals, or in doubles that may carry units. */
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

function doubles({ exact, measuring }: Mathematics): Arithmetic {
  return {
    math: measuring,
    constant: Number,
    symbol: (name) => {
      const unit = constants.has(name) ? undefined : unitNamed(name, measuring);
      return unit === undefined ? constants.get(name)?.(exact).toNumber() : measuring.unit(unit);
    },
  };
}

function worthOf(part: Part, arithmetic: Arithmetic): Value {
  const inner = (child: MathNode): Value => worthOf(child as Part, arithmetic);
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

/** Strings, booleans and `null` are constants to the parser as well. */
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

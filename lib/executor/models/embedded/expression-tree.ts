import type {
  ConstantNode,
  FunctionNode,
  MathJsInstance,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  SymbolNode,
} from 'mathjs';
import type { Mathematics } from './mathematics.js';
import { NotArithmetic } from './no-value.js';
import { angular, scaling } from './operations.js';
import { constants, unitNamed } from './symbols.js';

/** The allowed nodes of an expression. */
export type Part = ConstantNode | FunctionNode | OperatorNode | ParenthesisNode | SymbolNode;

/** A parsed expression with only allowed nodes. */
export interface ExpressionTree {
  readonly root: Part;
  /** Whether it contains units or functions of angles. */
  readonly hasUnits: boolean;
}

const allowed = new Set(['ConstantNode', 'FunctionNode', 'OperatorNode', 'ParenthesisNode', 'SymbolNode']);

/**
 * Parses an expression that consists of numbers, words, parentheses, operators and function calls.
 *
 * @throws {NotArithmetic} for any other expression, and if there is no number or nothing to compute.
 */
export function parseExpression(text: string, { exact, withUnits }: Mathematics): ExpressionTree {
  const root = exact.parse(text);
  const parts: Part[] = [];
  root.traverse((node, path) => {
    if (!allowed.has(node.type)) throw new NotArithmetic();
    if (path !== 'fn') parts.push(node as Part);
  });
  const isNumber = (part: Part): boolean => part.type === 'ConstantNode';
  if (!parts.some(isNumber) || !parts.some((part) => isComputation(part, withUnits))) throw new NotArithmetic();
  for (const part of parts) if (part.type === 'OperatorNode' && part.implicit) requireCommonNotation(part.args);
  return { root: root as Part, hasUnits: parts.some((part) => isUnit(part, withUnits) || isAngular(part)) };
}

/** Whether a node computes something. A measure such as "5 km" is parsed as a multiplication, but computes nothing. */
function isComputation(part: Part, math: MathJsInstance): boolean {
  if (part.type !== 'OperatorNode') return part.type === 'FunctionNode';
  if (part.implicit) return part.args[1]?.filter((inner) => isUnit(inner as Part, math)).length === 0;
  return !String(part.fn).startsWith('unary');
}

function isAngular(part: Part): boolean {
  return part.type === 'FunctionNode' && angular.has(part.fn.name);
}

function isUnit(part: Part, math: MathJsInstance): boolean {
  return part.type === 'SymbolNode' && !constants.has(part.name) && unitNamed(part.name, math) !== undefined;
}

/** Restricts implicit multiplication to common notations: `5 km`, `2(3 + 4)`, `3 pi`. */
function requireCommonNotation(args: readonly MathNode[]): void {
  const [left, right] = args as readonly Part[];
  const isChain = left?.type === 'OperatorNode' && left.implicit;
  if (left?.type === 'SymbolNode' || isChain || right?.type === 'ConstantNode') throw new NotArithmetic();
  if (left !== undefined && isAmbiguousBeforeUnit(left)) throw new NotArithmetic();
}

/** "square root of 16 m^2" is ambiguous: the unit may be under the root or not. "half of 16 m" is not ambiguous. */
function isAmbiguousBeforeUnit(left: Part): boolean {
  if (left.type === 'FunctionNode') return !scaling.has(left.fn.name);
  return (
    left.type === 'OperatorNode' && left.args[0]?.type === 'ParenthesisNode' && /^(?:pow|factorial)$/.test(left.fn)
  );
}

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

/** The parts an expression may be made of. */
export type Part = ConstantNode | FunctionNode | OperatorNode | ParenthesisNode | SymbolNode;

/** A parsed expression that holds only parts the calculator knows. */
export interface ExpressionTree {
  readonly root: Part;
  /** Whether units or angles occur in it. */
  readonly measures: boolean;
}

const allowed = new Set(['ConstantNode', 'FunctionNode', 'OperatorNode', 'ParenthesisNode', 'SymbolNode']);

/**
 * Parses an expression and lets only numbers, words, parentheses, operators and calls of functions through.
 *
 * @throws NotArithmetic for anything else, and where there is no number or nothing to compute.
 */
export function parseExpression(text: string, { exact, measuring }: Mathematics): ExpressionTree {
  const root = exact.parse(text);
  const parts: Part[] = [];
  root.traverse((node, path) => {
    if (!allowed.has(node.type)) throw new NotArithmetic();
    if (path !== 'fn') parts.push(node as Part);
  });
  const isNumber = (part: Part): boolean => part.type === 'ConstantNode';
  if (!parts.some(isNumber) || !parts.some((part) => isComputation(part, measuring))) throw new NotArithmetic();
  for (const part of parts) if (part.type === 'OperatorNode' && part.implicit) requireMeasure(part.args);
  return { root: root as Part, measures: parts.some((part) => isUnit(part, measuring) || isAngular(part)) };
}

/** A measure as "5 km" is written with a multiplication, but nothing is computed in it. */
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

/** Things beside each other are multiplied only as people write them: `5 km`, `2(3 + 4)`, `3 pi`. */
function requireMeasure(args: readonly MathNode[]): void {
  const [left, right] = args as readonly Part[];
  const isChain = left?.type === 'OperatorNode' && left.implicit;
  if (left?.type === 'SymbolNode' || isChain || right?.type === 'ConstantNode') throw new NotArithmetic();
  if (left !== undefined && bendsMeasures(left)) throw new NotArithmetic();
}

/** "square root of 16 m^2" does not say whether the measure is under the root; of "half of 16 m" both are the same. */
function bendsMeasures(left: Part): boolean {
  if (left.type === 'FunctionNode') return !scaling.has(left.fn.name);
  return (
    left.type === 'OperatorNode' && left.args[0]?.type === 'ParenthesisNode' && /^(?:pow|factorial)$/.test(left.fn)
  );
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { check } from 'recheck';
import ts from 'typescript';
import { nodesOf, placeOf, type SourceFile } from './source-file.js';

/** The regular expressions of source files. */
export interface Expressions {
  /** Each literal, such as `/a+/g`, with its positions as `file:line`. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
  /** The files that compose expressions at run time with `RegExp(…)`. */
  readonly composedIn: ReadonlySet<string>;
}

/** Finds all regular expressions. `RegExp('…')` with a string literal counts as composed too. */
export function expressionsIn(sources: readonly SourceFile[]): Expressions {
  const literals = new Map<string, string[]>();
  const composedIn = new Set<string>();
  for (const source of sources) {
    for (const node of nodesOf(source.tree)) {
      if (ts.isRegularExpressionLiteral(node)) {
        literals.set(node.text, [...(literals.get(node.text) ?? []), placeOf(source, node)]);
      }
      if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && isRegExp(node.expression)) {
        composedIn.add(source.path);
      }
    }
  }
  return { literals, composedIn };
}

function isRegExp(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.text === 'RegExp';
}

/** The time limit for one expression, in milliseconds. Most take less than 100 ms. */
const longestCheck = 60_000;

/**
 * Checks whether an expression takes linear time. Returns undefined if it does. Otherwise, returns its complexity and
 * an attack string, or the reason why the check failed. Uses recheck: https://makenowjust-labs.github.io/recheck/
 */
export async function superLinearity(literal: string): Promise<string | undefined> {
  const end = literal.lastIndexOf('/');
  const found = await check(literal.slice(1, end), literal.slice(end + 1), { timeout: longestCheck });
  if (found.status === 'safe') return undefined;
  if (found.status === 'unknown') return `unknown (${found.error.kind})`;
  return `${found.complexity.summary}, attack ${found.attack.pattern}`;
}

/** Caches the results of {@link superLinearity} in a file. Only linear expressions are cached. */
export class LinearExpressions {
  readonly #file: string;
  readonly #known: Set<string>;

  constructor(file: string) {
    this.#file = file;
    this.#known = new Set(readList(file));
  }

  async superLinearity(literal: string): Promise<string | undefined> {
    if (this.#known.has(literal)) return undefined;
    const found = await superLinearity(literal);
    if (found === undefined) this.#known.add(literal);
    return found;
  }

  /** Writes the file. It contains only the given literals, so that it does not grow. */
  save(used: Iterable<string>): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify([...used].filter((literal) => this.#known.has(literal))));
  }
}

function readList(file: string): readonly string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

import type { z } from 'zod';
import { suggestion } from './nearest.js';
import type { Problem } from './problem.js';
import { quote } from './quote.js';

type Issue = z.core.$ZodIssue;

/** What a value that zod looked at is. */
export interface SchemaPlace {
  /** What errors call the whole: `graph`. */
  readonly noun: string;
  /** Where in the whole the value stands; default it is the whole. */
  readonly base?: readonly PropertyKey[];
  /** Whether it may hold secrets: a text then is quoted only where one of a few words was expected. Default false. */
  readonly secret?: boolean;
}

/** How people call what zod calls otherwise. */
const expectations: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
};

/**
 * The first thing to put right among zod's issues with a value.
 *
 * An unknown key goes before the rest: mistyped, it is why the right one is missing.
 */
export function schemaProblem(issues: readonly Issue[], root: unknown, where: SchemaPlace): Problem {
  const { noun, base = [], secret = false } = where;
  const issue = issues.find((candidate) => candidate.code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) return { path: base, message: 'does not have the expected shape.' };
  const path = [...base, ...issue.path];
  const name = pathName(path);
  if (issue.code === 'unrecognized_keys') {
    return { path: [...path, issue.keys[0] ?? ''], atKey: true, message: `${prefix(name)}${issue.message}` };
  }
  if (issue.code === 'invalid_key') {
    return { path, atKey: true, message: `${name}: ${issue.issues[0]?.message ?? issue.message}` };
  }
  const value = valueAt(root, issue.path);
  return {
    path,
    message: `${name || `the ${noun}`} is ${shown(value, !secret || issue.code === 'invalid_value')}; ${expected(issue, value)}`,
  };
}

function expected(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type') return `expected ${expectations[issue.expected] ?? issue.expected}.`;
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return `expected ${allowed.join(' or ')}.${typeof value === 'string' ? suggestion(value, allowed) : ''}`;
  }
  return issue.message;
}

function prefix(name: string): string {
  return name === '' ? '' : `${name}: `;
}

/** `nodes.router.routes.math.keywords[0]`; a key that is no plain name is quoted, `nodes["a b"]`. */
function pathName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const key = String(step);
    return /^[\w-]{1,64}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
  });
  return steps.join('').replace(/^\./, '');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return value;
}

function shown(value: unknown, quoting: boolean): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (!quoting) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return typeof value === 'string' ? quote(value) : String(value);
}

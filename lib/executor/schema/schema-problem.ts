import { type Problem, pathName, shownValue, suggestion } from 'tinyllm/configuration';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** The place of a validated value in its document. */
export interface SchemaPlace {
  /** The name of the document in error messages, such as `graph`. */
  readonly noun: string;
  /** The path of the value in the document. Default: the value is the whole document. */
  readonly base?: readonly PropertyKey[];
  /**
   * Whether the value may contain secrets. Messages then show a text only if the setting accepts a fixed list of
   * values. Default: false.
   */
  readonly secret?: boolean;
}

/** The names of zod's types in messages. */
const expectations: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
};

/**
 * Returns the most relevant problem among zod's issues.
 *
 * An unknown key comes first, because a mistyped key is often the reason for a missing one.
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
    message: `${name || `the ${noun}`} is ${shownValue(value, !secret || issue.code === 'invalid_value')}; ${expected(issue, value)}`,
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

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return value;
}

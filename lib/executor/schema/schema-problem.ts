import { type Problem, pathName, shownValue, suggestion } from 'tinyllm/configuration';
import type { z } from 'zod';

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

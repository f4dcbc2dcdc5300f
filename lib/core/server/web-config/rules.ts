import { suggestion } from '../../yaml/nearest.js';
import type { Problem } from '../../yaml/problem.js';
import { pathName, shownValue, unknownKeyText } from '../../yaml/problem-text.js';

/** A value in a web configuration, with the path to it. */
export interface Located {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

/** Returns the problems of a value. No message contains a value that could be a secret. */
export type Rule = (located: Located) => readonly Problem[];

/** Accepts any value. */
export const anything: Rule = () => [];

/** Accepts `true` and `false`. */
export const yesOrNo: Rule = (located) =>
  typeof located.value === 'boolean' ? [] : [unexpected(located, 'expected true or false.')];

/** Accepts a non-empty text. */
export const filePath: Rule = (located) => {
  if (typeof located.value !== 'string') return [unexpected(located, 'expected a text.')];
  return located.value === '' ? [unexpected(located, 'expected the path of a file.')] : [];
};

/** Accepts the given values. The message shows an invalid value, because a misspelled word is not a secret. */
export function oneOf(allowed: readonly unknown[]): Rule {
  return (located) => {
    const { value } = located;
    if (allowed.includes(value)) return [];
    const words = allowed.map(String);
    const similar = typeof value === 'string' ? suggestion(value, words) : '';
    return [unexpected(located, `expected ${words.join(' or ')}.${similar}`, true)];
  };
}

/** Accepts a list whose items follow a rule. */
export function listOf(rule: Rule): Rule {
  return (located) => {
    const { value, path } = located;
    if (!Array.isArray(value)) return [unexpected(located, 'expected a list.')];
    return value.flatMap((item, index) => rule({ value: item, path: [...path, index] }));
  };
}

/** Accepts a map with only the given keys. The keys in `required` must be present. */
export function mapOf(rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule {
  const known = Object.keys(rules);
  return (located) => {
    const { value, path } = located;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [unexpected(located, 'expected a map.')];
    }
    const fields = new Map<string, unknown>(Object.entries(value));
    const problems = Object.entries(rules).flatMap(([key, rule]) =>
      fields.has(key) || required.includes(key) ? rule({ value: fields.get(key), path: [...path, key] }) : [],
    );
    const unknown = [...fields.keys()].find((key) => !known.includes(key));
    return unknown === undefined ? problems : [...problems, unknownKey(unknown, path, known)];
  };
}

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[]): Problem {
  const place = path.length === 0 ? '' : `${pathName(path)}: `;
  return { path: [...path, key], atKey: true, message: `${place}${unknownKeyText(key, known)}` };
}

function unexpected({ value, path }: Located, expected: string, quoting = false): Problem {
  const name = pathName(path) || 'the web configuration';
  return { path, message: `${name} is ${shownValue(value, quoting)}; ${expected}` };
}

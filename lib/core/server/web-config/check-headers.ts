import { validateHeaderValue } from 'node:http';
import { suggestion } from '../../yaml/nearest.js';
import type { Problem } from '../../yaml/problem.js';
import { quote } from '../../yaml/quote.js';

/**
 * The supported headers with their allowed values; empty allows any value.
 *
 * These are the headers of exporter-toolkit.
 */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['Content-Security-Policy', []],
  ['Strict-Transport-Security', []],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', []],
]);

const path = ['http_server_config', 'headers'] as const;

/**
 * Returns the headers that every response gets, or a problem.
 *
 * Headers with an empty value are omitted. The message of a problem contains no header value.
 */
export function readHeaders(section: unknown): ReadonlyMap<string, string> | Problem {
  if (section === undefined) return new Map();
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    return { path, message: 'http_server_config.headers is not a map; expected a map of header names to values.' };
  }
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(section)) {
    const values = allowed.get(name);
    if (values === undefined) {
      const names = [...allowed.keys()];
      return {
        path: [...path, name],
        atKey: true,
        message: `the header ${quote(name)} cannot be set; expected ${names.join(', ')}.${suggestion(name, names)}`,
      };
    }
    if (value === '' || value === null) continue;
    if (typeof value !== 'string' || !isSendable(name, value)) {
      return { path: [...path, name], message: `${name} has an invalid value; expected one line of text.` };
    }
    if (values.length > 0 && !values.includes(value)) {
      return { path: [...path, name], message: `${name} has an unsupported value; expected ${values.join(' or ')}.` };
    }
    headers.set(name, value);
  }
  return headers;
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

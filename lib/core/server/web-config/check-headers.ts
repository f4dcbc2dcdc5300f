import { validateHeaderValue } from 'node:http';
import { suggestion } from '../../yaml/nearest.js';
import type { Problem } from '../../yaml/problem.js';
import { quote } from '../../yaml/quote.js';

/** The headers that may be set, with the values they may have where those are few; the choice is exporter-toolkit's. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['Content-Security-Policy', []],
  ['Strict-Transport-Security', []],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', []],
]);

const path = ['http_server_config', 'headers'] as const;

/** The headers of every response, those left blank left out; or what is wrong with them, without a value in it. */
export function readHeaders(section: unknown): ReadonlyMap<string, string> | Problem {
  if (section === undefined) return new Map();
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    return { path, message: 'http_server_config.headers is no map; expected a map of header names to values.' };
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
      return { path: [...path, name], message: `${name} is no header value; expected one line of text.` };
    }
    if (values.length > 0 && !values.includes(value)) {
      return { path: [...path, name], message: `${name} has another value; expected ${values.join(' or ')}.` };
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

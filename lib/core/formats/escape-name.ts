import type { Escaping } from './format.js';

// Source: https://prometheus.io/docs/instrumenting/escaping_schemes/

/** Characters that a plain name can't contain: all of it for `underscores`, and with `_` for the other schemes. */
interface Invalid {
  readonly once: RegExp;
  readonly withUnderscore: RegExp;
}

const METRIC: Invalid = { once: /^\d|[^a-zA-Z0-9_:]/gu, withUnderscore: /^\d|[^a-zA-Z0-9:]/gu };
const LABEL: Invalid = { once: /^\d|[^a-zA-Z0-9_]/gu, withUnderscore: /^\d|[^a-zA-Z0-9]/gu };

/**
 * Escapes the name of a metric, so that it only has letters, digits, `_` and `:`.
 *
 * With `allow-utf-8`, the name stays unchanged. With `dots`, plain names change too: `_` becomes `__`. Different names
 * can be equal after they were escaped.
 */
export function escapeMetricName(name: string, escaping: Escaping): string {
  return escapeWith(METRIC, name, escaping);
}

/** Escapes the name of a label like the name of a metric. The name of a label has no `:`. */
export function escapeLabelName(name: string, escaping: Escaping): string {
  return escapeWith(LABEL, name, escaping);
}

function escapeWith({ once, withUnderscore }: Invalid, name: string, escaping: Escaping): string {
  switch (escaping) {
    case 'allow-utf-8':
      return name;
    case 'underscores':
      return name.replace(once, '_');
    case 'dots':
      return name.replace(withUnderscore, (character) => (character === '.' ? '_dot_' : '__'));
    case 'values': {
      if (name.search(once) < 0) return name;
      const coded = (character: string): string =>
        character === '_' ? '__' : `_${character.codePointAt(0)?.toString(16)}_`;
      return `U__${name.replace(withUnderscore, coded)}`;
    }
  }
}

import { type Rewrite, rewriteEach } from './rewrite.js';

const signs: readonly Rewrite[] = [
  { find: /[×✕⋅·]/, put: '*' },
  { find: /[÷∕⁄]/, put: '/' },
  { find: /[−–—]/, put: '-' },
  { find: /\*\*/, put: '^' },
  { find: /\s*([⁰¹²³⁴-⁹]+)/, put: ([, run = '']) => `^${run.normalize('NFKC')}` },
  { find: /√/, put: ' square root of ' },
  { find: /∛/, put: ' cube root of ' },
  // A fraction after a number is added to it, not multiplied with it.
  { find: /(?<![\d.,)])(\d+) ?([½¼¾])/, put: '($1 + $2)' },
  { find: /½/, put: '(1/2)' },
  { find: /¼/, put: '(1/4)' },
  { find: /¾/, put: '(3/4)' },
  { find: /°/, put: ' degrees ' },
  { find: /π/, put: ' pi ' },
  { find: /[‘’]/, put: "'" },
];

/** Texts that only look like arithmetic: dates, numbers with leading zeros, other number systems, `3!!`. */
const notNumbers: readonly RegExp[] = [
  /(?<![\d.])\d{4}-\d{1,2}-\d{1,2}(?![\d.])/,
  /(?<![\d.])\d{1,2}([-/])\d{1,2}\1\d{4}(?![\d.])/,
  /(?<![\d.])0(?:\d|[xob][\da-f])/i,
  /! ?!/,
];

const currencies = /[$€£¥₹]/g;

/** Matches `1,234,567`, and whole function calls such as `gcd(100,200)`, whose commas must remain. */
const thousands = /[a-z]\([^()]*\)|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/gi;

/**
 * Replaces typographic signs with ASCII, and removes thousands separators and currency signs.
 *
 * Returns undefined for amounts in several currencies, for dates, and for numbers with leading zeros or in another
 * number system.
 */
export function plainCharacters(text: string): string | undefined {
  if (new Set(text.match(currencies)).size > 1) return undefined;
  const plain = rewriteEach(text.normalize('NFC'), signs)
    .replace(/[$€£¥₹] ?(?=[\d.])/g, '')
    .replace(thousands, (found) => (/^\d/.test(found) ? found.replaceAll(',', '') : found))
    .replace(/\s+/g, ' ')
    .trim();
  return notNumbers.some((pattern) => pattern.test(plain)) ? undefined : plain;
}

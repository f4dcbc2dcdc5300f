import { type Rewrite, rewriteEach } from './rewrite.js';

const signs: readonly Rewrite[] = [
  { find: /[×✕⋅·]/, put: '*' },
  { find: /[÷∕⁄]/, put: '/' },
  { find: /[−–—]/, put: '-' },
  { find: /\*\*/, put: '^' },
  { find: /\s*([⁰¹²³⁴-⁹]+)/, put: ([, run = '']) => `^${run.normalize('NFKC')}` },
  { find: /√/, put: ' square root of ' },
  { find: /∛/, put: ' cube root of ' },
  // Beside a number a fraction is added to it, not multiplied with it.
  { find: /(?<![\d.,)])(\d+) ?([½¼¾])/, put: '($1 + $2)' },
  { find: /½/, put: '(1/2)' },
  { find: /¼/, put: '(1/4)' },
  { find: /¾/, put: '(3/4)' },
  { find: /°/, put: ' degrees ' },
  { find: /π/, put: ' pi ' },
  { find: /[‘’]/, put: "'" },
];

/** What only looks like arithmetic: dates, numbers with a zero before them, other number systems, `3!!`. */
const noNumbers: readonly RegExp[] = [
  /(?<![\d.])\d{4}-\d{1,2}-\d{1,2}(?![\d.])/,
  /(?<![\d.])\d{1,2}([-/])\d{1,2}\1\d{4}(?![\d.])/,
  /(?<![\d.])0(?:\d|[xob][\da-f])/i,
  /! ?!/,
];

const currencies = /[$€£¥₹]/g;

/** `1,234,567`, but not the arguments of a function written `gcd(100,200)`. */
const thousands = /[a-z]\([^()]*\)|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/gi;

/**
 * Writes typographic signs in ASCII and takes the commas out of numbers.
 *
 * One currency sign before numbers is dropped. Amounts in several currencies cannot be computed with, nor can dates and
 * numbers in other systems than the decimal one; they give undefined.
 */
export function plainCharacters(text: string): string | undefined {
  if (new Set(text.match(currencies)).size > 1) return undefined;
  const plain = rewriteEach(text.normalize('NFC'), signs)
    .replace(/[$€£¥₹] ?(?=[\d.])/g, '')
    .replace(thousands, (found) => (/^\d/.test(found) ? found.replaceAll(',', '') : found))
    .replace(/\s+/g, ' ')
    .trim();
  return noNumbers.some((pattern) => pattern.test(plain)) ? undefined : plain;
}

import { type Rewrite, rewriteEach } from './rewrite.js';

const signs: readonly Rewrite[] = [
  { find: /[×✕⋅·]/, put: '*' },
  { find: /[÷∕⁄]/, put: '/' },
  { find: /[−–—]/, put: '-' },
  { find: /\*\*/, put: '^' },
  { find: /\s*²/, put: '^2' },
  { find: /\s*³/, put: '^3' },
  { find: /√/, put: ' square root of ' },
  { find: /∛/, put: ' cube root of ' },
  { find: /½/, put: '(1/2)' },
  { find: /¼/, put: '(1/4)' },
  { find: /¾/, put: '(3/4)' },
  { find: /°/, put: ' degrees ' },
  { find: /π/, put: ' pi ' },
  { find: /[‘’]/, put: "'" },
];

const currencies = /[$€£¥₹]/g;

/** `1,234,567`, but not the arguments of a function written `gcd(100,200)`. */
const thousands = /[a-z]\([^()]*\)|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/gi;

/**
 * Writes typographic signs in ASCII and takes the commas out of numbers.
 *
 * One currency sign before numbers is dropped; amounts in several currencies cannot be computed with, and give undefined.
 */
export function plainCharacters(text: string): string | undefined {
  if (new Set(text.match(currencies)).size > 1) return undefined;
  return rewriteEach(text.normalize('NFC'), signs)
    .replace(/[$€£¥₹] ?(?=[\d.])/g, '')
    .replace(thousands, (found) => (/^\d/.test(found) ? found.replaceAll(',', '') : found))
    .replace(/\s+/g, ' ')
    .trim();
}

import { number, operand, operands, splitOperands } from './operands.js';
import type { Rewrite } from './rewrite.js';

const phrase = (pattern: string, put: Rewrite['put']): Rewrite => ({ find: new RegExp(pattern), put });

/** A function with an English name before its operand. */
const call = (names: string, put: string): Rewrite => phrase(`\\b(?:${names})(?: of)? ?(${operand})`, put);

const list = (names: string, put: (list: string) => string): Rewrite =>
  phrase(`\\b(?:${names}) (?:of|between) (${operands})`, ([, found = '']) => put(found));

const spread = (name: string) => (found: string) => `${name}(${splitOperands(found).join(', ')})`;
const joined = (operator: string) => (found: string) => `(${splitOperands(found).join(operator)})`;

const fractions: readonly (readonly [string, number])[] = [
  ['hal(?:f|ves)', 2],
  ['thirds?', 3],
  ['(?:quarters?|fourths?)', 4],
  ['fifths?', 5],
  ['sixths?', 6],
  ['sevenths?', 7],
  ['eighths?', 8],
  ['ninths?', 9],
  ['tenths?', 10],
  ['hundredths?', 100],
];

const ordinals = ['third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** Rules for single words and signs. They are applied once, before all others. */
export const wordRules: readonly Rewrite[] = [
  // In "square root of 1/4", "8 to the power of 1/3" and "sine of 2 pi", the operand contains an operator.
  phrase(
    `\\b(root|sqrt|cbrt|square|cube|factorial|log(?:arithm)?|ln|value|sine?|cos(?:ine)?|tan(?:gent)?|power)( of)? (-?(?:${number} ?)?pi(?:/${number})?|-?${number}/(?:${number}|pi))(?![\\w./^])`,
    '$1$2 ($3)',
  ),
  phrase(String.raw`(?<=[\d)])\s*(?:percent|per cent)\b|\b(?:percentage|percent|per cent)\b`, '%'),
  phrase(String.raw`(\d) %`, '$1%'),
  phrase(String.raw`\bnegative (?=[\d.(])`, '-'),
  ...ordinals.map((word, index) => phrase(`\\b${word}(?= (?:root|power))`, `${index + 3}th`)),
  phrase(String.raw`(\d) and (?:a |1 )?half\b(?! of)`, '$1.5'),
  phrase(String.raw`(\d) and (?:a |1 )?quarter\b(?! of)`, '$1.25'),
  phrase(String.raw`\bdivided by\b|\bover\b`, '/'),
  phrase(String.raw`\bmultiplied by\b|\btimes\b(?! (?:does|do|can|will)\b)`, '*'),
  phrase(String.raw`([\d)%]) ?x ?(?=[\d(])`, '$1 * '),
  phrase(String.raw`\bplus\b|\badded to\b`, '+'),
  phrase(String.raw`\bminus\b|(?<=[\d)%] )take away\b|\bless\b(?! than)`, '-'),
  phrase(String.raw`\bmod(?:ulo|ulus)\b`, 'mod'),
  phrase(String.raw` squared\b`, '^2'),
  phrase(String.raw` cubed\b`, '^3'),
  phrase(String.raw`(?: raised)? to (?:a )?(\d+)(?:st|nd|rd|th)(?: power)?\b`, '^$1'),
  phrase(`(?: raised)? to power(?: of)? | raised to `, '^'),
];

/** Rules for operations with operands. They are applied from the inside out until none matches. */
export const phraseRules: readonly Rewrite[] = [
  phrase(`(?<![\\w.])(\\d+(?:\\.\\d+)?|\\.\\d+)% of (${operand})`, '($1 / 100 * $2)'),
  call('square root|sqrt', 'sqrt($1)'),
  call('cube root|cubic root|cbrt', 'cbrt($1)'),
  phrase(`\\b(\\d+)(?:st|nd|rd|th) root of (${operand})`, 'nthRoot($2, $1)'),
  phrase(`\\b(\\d+)(?:st|nd|rd|th) power of (${operand})`, '($2)^$1'),
  phrase(`\\bsquare of (${operand})`, '($1)^2'),
  phrase(`\\bcube of (${operand})`, '($1)^3'),
  phrase(`\\bfactorial of (${operand})`, '($1)!'),
  phrase(`(${operand}) factorial\\b`, '($1)!'),
  phrase(`\\b(?:log|logarithm) (?:to )?base (\\d+(?:\\.\\d+)?|e) of (${operand})`, 'log($2, $1)'),
  phrase(`\\b(?:log|logarithm) of (${operand}) (?:to|in|with)? ?base (${operand})`, 'log($1, $2)'),
  phrase(`\\b(?:natural log|natural logarithm|ln)(?: of)? (${operand})`, 'ln($1)'),
  phrase(`\\b(?:log|logarithm)(?: of)? (${operand})`, 'log($1)'),
  // "absolute value of -3 + 5" is ambiguous, so an operator must not follow.
  phrase(`\\babsolute value of (${operand})(?! ?[-+*/^])`, 'abs($1)'),
  ...['sin', 'cos', 'tan'].map((name) =>
    phrase(
      `\\b${name}(?:e|ine|gent)?(?: of)? (${operand})(?: ?(deg|degrees?|rad|radians?)\\b)?`,
      ([, value = '', angle]) => (angle ? `${name}(${value} ${angle})` : `${name}(${value})`),
    ),
  ),
  list('sum|total', joined(' + ')),
  list('product', joined(' * ')),
  phrase(`\\bdifference between (${operand}) and (${operand})`, 'abs($1 - $2)'),
  phrase(`\\bdifference of (${operand}) and (${operand})`, '($1 - $2)'),
  list('quotient', joined(' / ')),
  list('average|mean', spread('mean')),
  list('median', spread('median')),
  list('greatest common (?:divisor|factor|denominator)|gcd|gcf', spread('gcd')),
  list('(?:least|lowest) common (?:multiple|denominator)|lcm', spread('lcm')),
  list('max|maximum|largest|biggest|greatest|highest', spread('max')),
  list('min|minimum|smallest|least|lowest', spread('min')),
  phrase(`(\\(\\d+/\\d+\\)|(?<![\\w.(])\\d+ ?/ ?\\d+) of (${operand})`, '($1 * $2)'),
  ...fractions.map(([name, parts]) =>
    phrase(
      `(?:\\b(an?|\\d+) |(?<!\\b(?:an?|\\d+) )\\b)${name} of (${operand})`,
      ([, count = '', value = '']) => `(${/^\d/.test(count) ? count : '1'} / ${parts} * ${value})`,
    ),
  ),
  phrase(`\\b(?:twice|double) (${operand})`, '(2 * $1)'),
  phrase(`\\b(?:thrice|triple) (${operand})`, '(3 * $1)'),
];

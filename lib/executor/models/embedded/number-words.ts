const ones = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

const scales: ReadonlyMap<string, number> = new Map([
  ['dozen', 12],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
]);

const values: ReadonlyMap<string, number> = new Map([
  ['zero', 0],
  ...ones.map((word, index): [string, number] => [word, index + 1]),
  ...teens.map((word, index): [string, number] => [word, index + 10]),
  ...tens.map((word, index): [string, number] => [word, (index + 2) * 10]),
]);

const anyOf = (words: Iterable<string>): string => `(?:${[...words].join('|')})\\b`;

const digits = String.raw`(?<![\d.])\d+(?:\.\d+)?`;
const belowHundred = `(?:${anyOf(tens)}(?:[ -]${anyOf(ones)})?|${anyOf(teens)}|${anyOf(ones)}|zero\\b)`;
const belowThousand = `(?:(?:${belowHundred}|an?|${digits}) hundred\\b(?:(?: and)? ${belowHundred})?|${belowHundred})`;
const scale = anyOf(scales.keys());
const scaled = (joint: string): string =>
  `(?:${belowThousand}|an?|${digits}) ${scale}(?:${joint}${belowThousand} ${scale})*(?:${joint}${belowThousand})?`;
const decimals = `(?: point(?: (?:${anyOf(ones)}|zero\\b))+)?`;
const phrase = (joint: string): RegExp =>
  new RegExp(`(?<![a-z])(?:${scaled(joint)}|${belowThousand})${decimals}`, 'gi');

const anywhere = phrase(',? (?:and )?');
/** In a list, a comma ends a number. */
const listed = phrase(' (?:and )?');
const list = /\b(?:of|between)\b.*,/i;

/** Replaces number words with digits: "twenty-three", "two hundred and five", "3.5 million", "a dozen". */
export function numberWordsToDigits(text: string): string {
  const start = list.exec(text)?.index ?? text.length;
  const before = text.slice(0, start).replace(anywhere, (words) => digitsOf(words.toLowerCase()));
  // In a list, number words with "and" are ambiguous: "two hundred and five" can be 205, or 200 and 5.
  const after = text
    .slice(start)
    .replace(listed, (words) => (/ and /i.test(words) ? words : digitsOf(words.toLowerCase())));
  return before + after;
}

function digitsOf(phrase: string): string {
  const [whole = '', fraction] = phrase.split(' point ');
  let total = 0;
  let group = 0;
  for (const word of whole.split(/[ ,-]+/)) {
    const factor = scales.get(word);
    if (factor !== undefined) {
      total += (group === 0 ? 1 : group) * factor;
      group = 0;
    } else if (word === 'hundred') group = (group === 0 ? 1 : group) * 100;
    else group += values.get(word) ?? (/^\d/.test(word) ? Number(word) : 0);
  }
  // Fifteen digits, because 8.2 × 1,000,000 is 8,199,999.999999999 in binary floating point.
  const number = String(Number((total + group).toPrecision(15)));
  if (fraction === undefined) return number;
  return `${number}.${fraction
    .split(' ')
    .map((word) => values.get(word) ?? 0)
    .join('')}`;
}

import { number } from './operands.js';
import { type Rewrite, rewriteEach } from './rewrite.js';

/** English names of units, and their names in mathjs. */
const names: readonly Rewrite[] = [
  { find: /\b([a-z]*)metre(s?)\b/, put: '$1meter$2' },
  { find: /\b([a-z]+)litre(s?)\b/, put: '$1liter$2' },
  { find: /\b(?:degrees? )?(?:celsius|centigrade)\b|\bdegrees? c\b/, put: 'celsius' },
  { find: /\b(?:degrees? )?fahrenheit\b|\bdegrees? f\b/, put: 'fahrenheit' },
  { find: /\b(?:degrees? )?kelvins?\b|\bdegrees? k\b/, put: 'kelvin' },
  { find: /\b(?:square|sq\.?) (?!root|of\b)([a-z]+)\b/, put: '$1^2' },
  { find: /\b(?:cubic|cu\.?) (?!root)([a-z]+)\b/, put: '$1^3' },
  { find: /\bpounds?\b/, put: 'lb' },
  { find: /\bkilos?\b|\bkgs\b/, put: 'kg' },
  { find: /\b(?:metric tons?|tonnes?)\b/, put: 'tonne' },
  { find: /\bfluid ounces?\b|\bfl\.? ?oz\b/, put: 'fluidounces' },
  { find: /\bnautical miles?\b/, put: 'nauticalmile' },
  { find: /\bknots?\b/, put: 'nauticalmile/hour' },
  { find: /\blight[ -]?years?\b/, put: 'lightyear' },
  { find: /\bhorse ?powers?\b/, put: 'hp' },
  { find: /\b(?:kph|kmh|kmph)\b/, put: 'km/h' },
  { find: /\bmph\b/, put: 'mi/h' },
  { find: /\bkilobytes?\b/, put: 'kB' },
  { find: /\bmegabytes?\b/, put: 'MB' },
  { find: /\bgigabytes?\b/, put: 'GB' },
  { find: /\bterabytes?\b/, put: 'TB' },
  { find: /\bkilowatt[ -]?hours?\b/, put: 'kWh' },
  {
    find: /\b([a-z]+(?:\^\d)?) per (hour|minute|second|day|week|month|year|km|mile|liter|gallon|meter|kg|lb)\b/,
    put: '$1/$2',
  },
];

/** Letters that mean a temperature only together with another one, as in "100 F in C". */
const temperatures: Readonly<Record<string, string>> = { c: 'celsius', f: 'fahrenheit', k: 'kelvin' };
const temperature = '(celsius|fahrenheit|kelvin|[cfk])';

const shorthands: readonly Rewrite[] = [
  {
    find: new RegExp(`${temperature} (to|in|into|as) ${temperature}$`),
    put: ([, from = '', , to = '']) => ` ${temperatureName(from)} to ${temperatureName(to)}`,
  },
  {
    find: new RegExp(
      `(${number}) ?(feet|foot|ft|yards?|miles?|hours?|hrs?|days?|weeks?|minutes?|mins?|lb|stone|kg|km|m),? (?:and )?(${number}) ?([a-z]+)(?= (?:to|in|into|as) |$)`,
    ),
    put: '($1 $2 + $3 $4)',
  },
];

function temperatureName(word: string): string {
  return temperatures[word.toLowerCase()] ?? word;
}

const temperatureQuestion = new RegExp(`[\\d)] ?${temperature} (to|in|into|as) ${temperature}$`, 'i');

/** Replaces names of units with those of mathjs: "square feet" with `feet^2`, "mph" with `mi/h`. */
export function unitWords(text: string): string {
  const named = rewriteEach(text, names);
  return rewriteEach(named, temperatureQuestion.test(named) ? shorthands : shorthands.slice(1)).trim();
}

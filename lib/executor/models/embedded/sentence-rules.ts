import { unit } from './operands.js';

/** A rule that converts a whole question to an expression. */
export interface SentenceRule {
  readonly find: RegExp;
  readonly put: string;
  /** A text to append to the answer. */
  readonly suffix?: string;
}

const sentence = (pattern: string, put: string, suffix?: string): SentenceRule => ({
  find: new RegExp(`^${pattern}$`, 'i'),
  put,
  ...(suffix === undefined ? {} : { suffix }),
});

const raise = '(?:increase|raise|grow)';
const lower = '(?:decrease|reduce|lower|cut|discount)';
/** One operand without operators, because "divide 10 by 2 plus 3" is ambiguous. */
const one = String.raw`-?(?:[^-+*/]+|\([^()]*\)|\d+\/\d+)`;

/** The rules in the order of their precedence. Only the first rule that matches is applied. */
export const sentenceRules: readonly SentenceRule[] = [
  sentence(
    `how (?:many|much) (${unit}) (?:are |is |were )?(?:there )?(?:in|to|make|makes|per) (?:an?|1) (${unit})`,
    '1 $2 to $1',
  ),
  sentence(
    `how (?:many|much) (${unit}) (?:are |is |were )?(?:there )?(?:in|to|make|makes|per|is|are|equals?) (.+)`,
    '($2) to $1',
  ),
  sentence(`how many (${unit}) (?:do|does) (?:an?|1) (${unit})(?: (?:have|contain|equal|make|hold))`, '1 $2 to $1'),
  sentence(`how many (${unit}) (?:do|does) (.+?)(?: (?:have|contain|equal|make|hold))`, '($2) to $1'),
  sentence(`(.+) (?:is|are|equals?|=|to) how many (${unit})`, '($1) to $2'),
  sentence(`(?:convert|change|express|turn) (.+) (?:to|into|in|as) (${unit})`, '($1) to $2'),

  sentence('(?:what )?% of (.+) (?:is|are) (.+)', '($2) / ($1) * 100', '%'),
  sentence('(.+) (?:is|are) what % of (.+)', '($1) / ($2) * 100', '%'),
  sentence('(.+) as (?:an? )?% of (.+)', '($1) / ($2) * 100', '%'),
  sentence('% (?:decrease|drop|reduction) (?:from|between) (.+) (?:to|and) (.+)', '(($1) - ($2)) / ($1) * 100', '%'),
  sentence('% (?:change|increase|difference) (?:from|between) (.+) (?:to|and) (.+)', '(($2) - ($1)) / ($1) * 100', '%'),

  sentence(`${raise} (.+) by (.+)%`, '($1) * (1 + ($2) / 100)'),
  sentence(`${lower} (.+) by (.+)%`, '($1) * (1 - ($2) / 100)'),
  sentence(`(.+) ${raise}d by (.+)%`, '($1) * (1 + ($2) / 100)'),
  sentence(`(.+) (?:decreased|reduced|lowered|cut|discounted) by (.+)%`, '($1) * (1 - ($2) / 100)'),
  sentence(`${raise} (.+) by (.+)`, '($1) + ($2)'),
  sentence(`${lower} (.+) by (.+)`, '($1) - ($2)'),
  sentence('(.+)% (?:off|discount on|less than|lower than)(?: of)? (.+)', '($2) * (1 - ($1) / 100)'),
  sentence('(.+) with (?:an? )?(.+)% (?:off|discount)', '($1) * (1 - ($2) / 100)'),
  sentence('(.+)% (?:more than|higher than|greater than) (.+)', '($2) * (1 + ($1) / 100)'),
  sentence('(?:an? )?(.+)% (?:tip|tax|vat|interest|commission) (?:on|of|for) (.+)', '($1) / 100 * ($2)'),
  sentence('(.+) (?:less|fewer) than (.+)', '($2) - ($1)'),
  sentence('(.+) (?:more|greater) than (.+)', '($2) + ($1)'),

  sentence('add (.+)% to (.+)', '($2) * (1 + ($1) / 100)'),
  sentence('(?:subtract|take away|take|deduct) (.+)% from (.+)', '($2) * (1 - ($1) / 100)'),
  sentence('add (.+?) (?:and|to|with) (.+)', '($1) + ($2)'),
  sentence('(?:subtract|take away|take|deduct) (.+) from (.+)', '($2) - ($1)'),
  sentence(`multiply (.+?) (?:and|by|with) (${one})`, '($1) * ($2)'),
  sentence(`divide (.+?) by (${one})`, '($1) / ($2)'),
  sentence(`raise (.+?)(?: to |\\^)(${one})`, '($1) ^ ($2)'),
  sentence(`square (?!root|of)(${one})`, '($1) ^ 2'),
  sentence(String.raw`absolute value of (\d[^a-z()]*[-+*/][^a-z()]*)`, 'abs($1)'),
  sentence('how many times (?:does|do|can|will) (.+) (?:go|fit) (?:in|into) (.+)', '($2) / ($1)'),
  sentence(
    'remainder (?:of|when|from|after)(?: dividing)? (.+?) (?:is )?(?:divided by|over|by|/) (.+)',
    '($1) mod ($2)',
  ),

  sentence(`(?:an?) (${unit}) (?:to|in|into|as) (${unit})`, '1 $1 to $2'),
  sentence(`(.+) (?:to|in|into|as|expressed in|converted to) (${unit})`, '($1) to $2'),
];

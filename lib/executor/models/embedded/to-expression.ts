import { plainCharacters } from './characters.js';
import { withoutFraming } from './framing.js';
import { numberWordsToDigits } from './number-words.js';
import { phraseRules, wordRules } from './phrase-rules.js';
import { fillIn, rewriteEach, rewriteUntilStable } from './rewrite.js';
import { sentenceRules } from './sentence-rules.js';
import { unitWords } from './unit-words.js';

/** What a question asks to compute. */
export interface Expression {
  /** In the notation of mathjs; words that were not understood are still in it. */
  readonly text: string;
  /** Stands behind the answer, as the sign of a percentage does. */
  readonly suffix: string;
}

/** A question longer than this, in characters, is not a question of arithmetic. */
const longestQuestion = 300;
/** The same limit after signs such as `√` became words. It bounds the work of all patterns that follow. */
const longestPlain = 2 * longestQuestion;

/** Rewrites an English question as an expression; undefined when it cannot be one. */
export function toExpression(question: string): Expression | undefined {
  if (question.length > longestQuestion) return undefined;
  const plain = plainCharacters(question);
  if (plain === undefined || plain.length > longestPlain) return undefined;
  const words = rewriteEach(numberWordsToDigits(withoutFraming(plain)), wordRules);
  const measured = unitWords(words.trim());
  const rule = sentenceRules.find(({ find }) => find.test(measured));
  const shaped = rule === undefined ? measured : fillIn(rule.put, rule.find.exec(measured) ?? []);
  const text = rewriteUntilStable(shaped, phraseRules);
  // mathjs would read "5% + 3" as 5 modulo +3, and a percentage of a percentage has no one meaning.
  if (/%\s*[-+(]/.test(text)) return undefined;
  return { text, suffix: rule?.suffix ?? '' };
}

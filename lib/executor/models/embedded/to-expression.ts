import { plainCharacters } from './characters.js';
import { withoutFraming } from './framing.js';
import { numberWordsToDigits } from './number-words.js';
import { phraseRules, wordRules } from './phrase-rules.js';
import { fillIn, rewriteEach, rewriteUntilStable } from './rewrite.js';
import { sentenceRules } from './sentence-rules.js';
import { unitWords } from './unit-words.js';

/** The expression of a question. */
export interface Expression {
  /** The expression in the notation of mathjs. It still contains words that no rule matched. */
  readonly text: string;
  /** A text to append to the answer, such as a percent sign. */
  readonly suffix: string;
}

/** The maximum length of a question, in characters. */
const maxQuestionLength = 300;
/** The maximum length after signs such as `√` became words. It limits the work of all later patterns. */
const maxPlainLength = 2 * maxQuestionLength;

/** Converts an English question to an expression. Returns undefined if the question cannot be one. */
export function toExpression(question: string): Expression | undefined {
  if (question.length > maxQuestionLength) return undefined;
  const plain = plainCharacters(question);
  if (plain === undefined || plain.length > maxPlainLength) return undefined;
  const words = rewriteEach(numberWordsToDigits(withoutFraming(plain)), wordRules);
  const measured = unitWords(words.trim());
  const rule = sentenceRules.find(({ find }) => find.test(measured));
  const shaped = rule === undefined ? measured : fillIn(rule.put, rule.find.exec(measured) ?? []);
  const text = rewriteUntilStable(shaped, phraseRules);
  // mathjs would parse "5% + 3" as 5 modulo +3, and "20% (3)" as 20 modulo 3.
  if (/%\s*[-+(]/.test(text)) return undefined;
  return { text, suffix: rule?.suffix ?? '' };
}

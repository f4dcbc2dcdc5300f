import { askModel, type ModelReply } from './ask-model.js';
import { isLanguageModel } from './language-model.js';
import type { NodeContext } from './node.js';

/** What a judge is asked about. */
export interface JudgeQuestion {
  /** What the text has to be. */
  readonly demand: string;
  /** The user's words. */
  readonly question: string;
  readonly text: string;
}

/** What a judge said; `unclear` when it was neither yes nor no, or when there is no language model to ask. */
export interface Verdict {
  readonly verdict: 'yes' | 'no' | 'unclear';
  readonly spent: ModelReply['spent'];
}

const system = 'You judge whether a text meets a demand. Answer with one word, yes or no.';

/** Asks the node's model whether a text meets a demand. Throws what the model throws. */
export async function judge({ demand, question, text }: JudgeQuestion, context: NodeContext): Promise<Verdict> {
  if (!isLanguageModel(context.model)) return { verdict: 'unclear', spent: {} };
  const prompt = [
    `The demand: ${demand}`,
    `The question that was asked: ${question}`,
    `The text to judge:\n${text}`,
    'Does the text meet the demand? Answer yes or no.',
  ].join('\n\n');
  const reply = await askModel({ system, prompt }, context);
  return { verdict: readVerdict(reply.text), spent: reply.spent };
}

/** Yes or no at the beginning, or else the only one of the two words that occurs. */
export function readVerdict(text: string): Verdict['verdict'] {
  const words = [...text.toLowerCase().matchAll(/\p{L}+/gu)].map(([word]) => word);
  const [first] = words;
  if (first === 'yes' || first === 'no') return first;
  const said = new Set(words.filter((word) => word === 'yes' || word === 'no'));
  const [only] = said;
  return said.size === 1 && (only === 'yes' || only === 'no') ? only : 'unclear';
}

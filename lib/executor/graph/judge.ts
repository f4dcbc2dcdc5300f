import { askModel, type ModelReply } from './ask-model.js';
import { isLanguageModel } from './language-model.js';
import type { NodeContext } from './node.js';

/** The input of a judge. */
export interface JudgeRequest {
  /** The requirement for the text. */
  readonly requirement: string;
  /** The question of the user. */
  readonly question: string;
  readonly text: string;
}

/** The verdict of a judge. `unclear` if the answer is neither yes nor no, or if there is no language model. */
export interface Verdict {
  readonly verdict: 'yes' | 'no' | 'unclear';
  readonly spent: ModelReply['spent'];
}

const system = 'You judge whether a text meets a demand. Answer with one word, yes or no.';

/** Asks the model of the node whether a text meets a requirement. Throws the errors of the model. */
export async function judge({ requirement, question, text }: JudgeRequest, context: NodeContext): Promise<Verdict> {
  if (!isLanguageModel(context.model)) return { verdict: 'unclear', spent: {} };
  const prompt = [
    `The demand: ${requirement}`,
    `The question that was asked: ${question}`,
    `The text to judge:\n${text}`,
    'Does the text meet the demand? Answer yes or no.',
  ].join('\n\n');
  const reply = await askModel({ system, prompt }, context);
  return { verdict: readVerdict(reply.text), spent: reply.spent };
}

/**
 * Reads the verdict from an answer. If the first word is yes or no, this word is the verdict. Otherwise, the answer
 * must contain only one of these two words. If the answer contains none or both, the verdict is `unclear`.
 */
export function readVerdict(text: string): Verdict['verdict'] {
  const words = [...text.toLowerCase().matchAll(/\p{L}+/gu)].map(([word]) => word);
  const [first] = words;
  if (first === 'yes' || first === 'no') return first;
  const said = new Set(words.filter((word) => word === 'yes' || word === 'no'));
  const [only] = said;
  return said.size === 1 && (only === 'yes' || only === 'no') ? only : 'unclear';
}

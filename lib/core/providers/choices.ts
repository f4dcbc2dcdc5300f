import { isFields } from './fields.js';
import { type FinishReason, finishReasonNamed } from './finish-reason.js';

/** Visits the choices of a chunk. The default `index` of a choice is its position in the list. */
export function visitChoices(
  choices: unknown,
  reasonField: 'finish_reason' | 'finishReason',
  visit: (index: number, finishReason: FinishReason | undefined) => void,
): void {
  if (!Array.isArray(choices)) return;
  for (let place = 0; place < choices.length; place++) {
    const choice: unknown = choices[place];
    if (!isFields(choice)) continue;
    const { index } = choice;
    visit(typeof index === 'number' ? index : place, finishReasonNamed(choice[reasonField]));
  }
}

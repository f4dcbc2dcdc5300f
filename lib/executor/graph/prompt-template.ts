import { quote } from 'tinyllm/configuration';
import { z } from 'zod';
import type { Message } from './node.js';

const placeholder = /\{\{((?:(?!\{\{|\}\})[\s\S])*)\}\}/g;
const resultName = /^results\.([A-Za-z][A-Za-z0-9_.-]*)$/;

/** Text with `{{question}}` and `{{results.<node>}}` in it; a result that is not there renders as nothing. */
export interface PromptTemplate {
  /** The ids of the nodes whose results it speaks of. */
  readonly results: readonly string[];
  render(message: Message): string;
}

/** Reads a template; anything else between double braces is refused, with what was expected. */
export const promptTemplateSchema = z.string().transform((text, context): PromptTemplate => {
  const results: string[] = [];
  for (const [whole, expression = ''] of text.matchAll(placeholder)) {
    const result = resultName.exec(expression.trim())?.[1];
    if (result !== undefined) results.push(result);
    else if (expression.trim() !== 'question') {
      context.addIssue({
        code: 'custom',
        message: `expected {{question}} or {{results.<node>}} between double braces, not ${quote(whole)}.`,
      });
    }
  }
  return { results, render: (message) => render(text, message) };
});

function render(text: string, message: Message): string {
  return text.replace(placeholder, (_whole, expression: string) => {
    const result = resultName.exec(expression.trim())?.[1];
    return result === undefined ? message.question : (message.results.get(result) ?? '');
  });
}

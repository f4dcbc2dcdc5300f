import { quote } from 'tinyllm/configuration';
import { z } from 'zod';
import type { Message } from './node.js';

const placeholder = /\{\{((?:(?!\{\{|\}\})[\s\S])*)\}\}/g;
const resultName = /^results\.([A-Za-z][A-Za-z0-9_.-]*)$/;

/**
 * A text with the placeholders `{{question}}` and `{{results.<node>}}`. A missing result renders as an empty string.
 */
export interface PromptTemplate {
  /** The IDs of the nodes whose results the template contains. */
  readonly results: readonly string[];
  render(message: Message): string;
}

/** Parses a template. Other text between double braces is an error. */
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

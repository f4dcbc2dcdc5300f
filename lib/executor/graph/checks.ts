import { quote } from 'tinyllm/configuration';
import { z } from 'zod';
import type { ModelReply } from './ask-model.js';
import { matchesOf } from './find-matches.js';
import { judge } from './judge.js';
import type { Message, NodeContext, ResultReference } from './node.js';
import { patternSchema } from './pattern-schema.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { nameSchema } from './schema.js';

const characters = z.int().min(1, 'expected a whole number of 1 or more.');
const words = z.string().min(1, 'expected a text.');

/** The keys by which a gate or a loop says what a text has to be; all must hold, and a judge is asked last. */
export const checksShape = {
  of: nameSchema.optional(),
  min_length: characters.optional(),
  max_length: characters.optional(),
  matches: patternSchema.optional(),
  not_matches: patternSchema.optional(),
  contains: z
    .union([words.transform((text) => [text]), z.array(words).min(1)], {
      error: 'expected a text, or a list of texts.',
    })
    .optional(),
  judge: z.string().regex(/\S/, 'expected what a judge is to ask of the text.').pipe(promptTemplateSchema).optional(),
  unclear: z.enum(['pass', 'fail']).optional(),
} as const;

/** What a text has to be. */
export interface CheckSettings {
  /** The node whose result is looked at; default the latest result. */
  readonly of?: string | undefined;
  /** In characters, as people count them: Unicode code points. */
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly matches?: RegExp | undefined;
  readonly not_matches?: RegExp | undefined;
  /** Texts that must all occur, in any case. */
  readonly contains?: readonly string[] | undefined;
  /** What a model is asked about the text, to be answered by yes or no. */
  readonly judge?: PromptTemplate | undefined;
  /** What counts when the judge says neither, or there is no language model and nothing else to go by; default `fail`. */
  readonly unclear?: 'pass' | 'fail' | undefined;
}

/** What checks found. */
export interface CheckOutcome {
  readonly holds: boolean;
  /** What was wrong, or by what it was found right. */
  readonly reason: string;
  readonly spent: ModelReply['spent'];
}

const rules = ['min_length', 'max_length', 'matches', 'not_matches', 'contains'] as const;

/** Whether settings say anything a text could be held to. */
export function sayAnything(settings: CheckSettings): boolean {
  return settings.judge !== undefined || sayRules(settings);
}

function sayRules(settings: CheckSettings): boolean {
  return rules.some((rule) => settings[rule] !== undefined);
}

/** The nodes whose results checks speak of; `setting` is where they stand in their node's settings. */
export function checkReferences({ of, judge: demand }: CheckSettings, setting?: string): readonly ResultReference[] {
  return [
    ...(of === undefined ? [] : [{ setting: setting ?? 'of', node: of, words: `of: ${of}` }]),
    ...(demand?.results ?? []).map((node) => ({ setting: setting ?? 'judge', node })),
  ];
}

/** Holds a message to checks; `whose` is the node's name. Throws what the judging model throws. */
export async function check(
  settings: CheckSettings,
  message: Message,
  { context, whose }: { readonly context: NodeContext; readonly whose: string },
): Promise<CheckOutcome> {
  const text = (settings.of === undefined ? message.answer : message.results.get(settings.of)) ?? '';
  const broken = brokenRule(settings, text, whose);
  if (broken !== undefined) return { holds: false, reason: broken, spent: {} };
  if (settings.judge === undefined) return { holds: true, reason: 'by its rules', spent: {} };
  const demand = settings.judge.render(message);
  const { verdict, spent } = await judge({ demand, question: message.question, text }, context);
  const asked = spent.model ?? context.model.model;
  if (verdict !== 'unclear') {
    return verdict === 'yes'
      ? { holds: true, reason: `judged by ${asked}`, spent }
      : { holds: false, reason: `${asked} says no to: ${demand}`, spent };
  }
  if (spent.usage !== undefined) {
    return { holds: settings.unclear === 'pass', reason: `${asked} says neither yes nor no to: ${demand}`, spent };
  }
  if (sayRules(settings)) return { holds: true, reason: 'by its rules, for there is no language model', spent };
  return { holds: settings.unclear === 'pass', reason: `there is no language model to judge: ${demand}`, spent };
}

function brokenRule(settings: CheckSettings, text: string, whose: string): string | undefined {
  const { min_length: shortest = 0, max_length: longest = Number.POSITIVE_INFINITY, contains = [] } = settings;
  const length = [...text].length;
  if (length < shortest) return `${length} characters; expected ${shortest} or more`;
  if (length > longest) return `${length} characters; expected ${longest} or fewer`;
  const missing = contains.find((part) => !text.toLowerCase().includes(part.toLowerCase()));
  if (missing !== undefined) return `${quote(missing)} does not occur`;
  const { matches, not_matches: forbidden } = settings;
  if (matches !== undefined && matchesOf(matches, text, whose).length === 0) return `no match for ${matches.source}`;
  const [found] = forbidden === undefined ? [] : matchesOf(forbidden, text, whose);
  if (found !== undefined) return `${quote(found[0])} matches ${forbidden?.source}`;
  return undefined;
}

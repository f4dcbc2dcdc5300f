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

/** The settings of a gate or a loop for checking a text. All checks must pass; the judge comes last. */
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
  judge: z.string().regex(/\S/, 'expected a requirement for the text, in words.').pipe(promptTemplateSchema).optional(),
  unclear: z.enum(['pass', 'fail']).optional(),
} as const;

/** Checks for a text. */
export interface CheckSettings {
  /** The node whose result is checked; default the latest result. */
  readonly of?: string | undefined;
  /** Minimum length in characters (Unicode code points). */
  readonly min_length?: number | undefined;
  /** Maximum length in characters (Unicode code points). */
  readonly max_length?: number | undefined;
  readonly matches?: RegExp | undefined;
  readonly not_matches?: RegExp | undefined;
  /** Texts that must all occur. Case is ignored. */
  readonly contains?: readonly string[] | undefined;
  /** A requirement for the text that a model judges with yes or no. */
  readonly judge?: PromptTemplate | undefined;
  /**
   * The result if the judge says neither yes nor no. It also applies if there is no language model and `judge` is the
   * only check. Default `fail`.
   */
  readonly unclear?: 'pass' | 'fail' | undefined;
}

/** The result of checks. */
export interface CheckOutcome {
  readonly passes: boolean;
  /** The failed check, or how the text passed. */
  readonly reason: string;
  readonly spent: ModelReply['spent'];
}

const rules = ['min_length', 'max_length', 'matches', 'not_matches', 'contains'] as const;

/** Whether the settings contain any check. */
export function hasChecks(settings: CheckSettings): boolean {
  return settings.judge !== undefined || hasRules(settings);
}

function hasRules(settings: CheckSettings): boolean {
  return rules.some((rule) => settings[rule] !== undefined);
}

/**
 * The nodes whose results the checks use. `setting` is the setting that contains the checks, such as `until`. Without
 * it, the checks are settings of the node itself.
 */
export function referencesInChecks(
  { of, judge: requirement }: CheckSettings,
  setting?: string,
): readonly ResultReference[] {
  return [
    ...(of === undefined ? [] : [{ setting: setting ?? 'of', node: of, words: `of: ${of}` }]),
    ...(requirement?.results ?? []).map((node) => ({ setting: setting ?? 'judge', node })),
  ];
}

/** Checks a message. `owner` is the name of the node for errors. Throws the errors of the judging model. */
export async function check(
  settings: CheckSettings,
  message: Message,
  { context, owner }: { readonly context: NodeContext; readonly owner: string },
): Promise<CheckOutcome> {
  const text = (settings.of === undefined ? message.answer : message.results.get(settings.of)) ?? '';
  const broken = brokenRule(settings, text, owner);
  if (broken !== undefined) return { passes: false, reason: broken, spent: {} };
  if (settings.judge === undefined) return { passes: true, reason: 'all rules pass', spent: {} };
  const requirement = settings.judge.render(message);
  const { verdict, spent } = await judge({ requirement, question: message.question, text }, context);
  const judgeModel = spent.model ?? context.model.model;
  if (verdict !== 'unclear') {
    return verdict === 'yes'
      ? { passes: true, reason: `judged by ${judgeModel}`, spent }
      : { passes: false, reason: `${judgeModel} says no to: ${requirement}`, spent };
  }
  if (spent.usage !== undefined) {
    return {
      passes: settings.unclear === 'pass',
      reason: `${judgeModel} says neither yes nor no to: ${requirement}`,
      spent,
    };
  }
  if (hasRules(settings))
    return { passes: true, reason: 'all rules pass; `judge` was skipped, because there is no language model', spent };
  return { passes: settings.unclear === 'pass', reason: `there is no language model to judge: ${requirement}`, spent };
}

function brokenRule(settings: CheckSettings, text: string, owner: string): string | undefined {
  const { min_length: shortest = 0, max_length: longest = Number.POSITIVE_INFINITY, contains = [] } = settings;
  const length = [...text].length;
  if (length < shortest) return `${length} characters; expected ${shortest} or more`;
  if (length > longest) return `${length} characters; expected ${longest} or fewer`;
  const missing = contains.find((part) => !text.toLowerCase().includes(part.toLowerCase()));
  if (missing !== undefined) return `${quote(missing)} does not occur`;
  const { matches, not_matches: forbidden } = settings;
  if (matches !== undefined && matchesOf(matches, text, owner).length === 0) return `no match for ${matches.source}`;
  if (forbidden === undefined) return undefined;
  const [found] = matchesOf(forbidden, text, owner);
  return found && `${quote(found[0])} matches the forbidden pattern ${quote(forbidden.source)}`;
}

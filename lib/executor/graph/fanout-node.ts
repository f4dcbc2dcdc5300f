import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { closedMap } from '../schema/closed-map.js';
import { chainSchema } from './chain-schema.js';
import { type BranchRun, runBranches } from './fanout-branches.js';
import { type BranchResult, type JoinName, join, joinNames } from './join-results.js';
import type { GraphNode, Message, NodeCall, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { chainRunner } from './run-chain.js';
import { nameSchema } from './schema.js';

/** What a fanout runs side by side, and what it makes of that. */
export interface FanoutSettings {
  /** The nodes of each branch, one after the other, by the branch's name. */
  readonly branches: Readonly<Record<string, readonly string[]>>;
  /** How the branches' results become one; default `list`. */
  readonly join?: JoinName | undefined;
  /** The joined result as a text with `{{results.<node>}}` in it, instead of `join`. */
  readonly template?: PromptTemplate | undefined;
  /** The most branches at a time; default all. */
  readonly concurrency?: number | undefined;
  /** Whether a branch that fails ends the run, which is the default, or is left out. */
  readonly on_error?: 'fail' | 'skip' | undefined;
}

/**
 * Runs branches side by side on the same message, and joins what they found into one result.
 *
 * When one fails, or was the first and that is enough, the others are ended. The results of the branches' nodes are
 * there for later nodes by name.
 */
class FanoutNode implements GraphNode {
  readonly kind = 'fanout';
  readonly references: readonly ResultReference[];
  readonly calls: readonly NodeCall[];
  readonly #settings: FanoutSettings;

  constructor(
    readonly id: string,
    settings: FanoutSettings,
  ) {
    this.#settings = settings;
    this.references = (settings.template?.results ?? []).map((node) => ({ setting: 'template', node }));
    this.calls = Object.entries(settings.branches).map(([name, nodes]) => ({ setting: ['branches', name], nodes }));
  }

  /** Throws what a branch threw; a `GraphRunError` when a branch ended at a gate, or none was left. */
  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { branches, join: how = 'list', template, concurrency, on_error: onError } = this.#settings;
    const names = Object.keys(branches);
    const { done, skipped } = await runBranches({
      fanout: this.id,
      branches,
      run: chainRunner(this, context),
      message,
      concurrency: concurrency ?? names.length,
      skipFailed: onError === 'skip',
      firstIsEnough: template === undefined && how === 'first',
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    const found = foundBy(done, message);
    const answers = done.flatMap((branch): BranchResult[] => {
      const { answer } = branch.message;
      return answer === undefined || branch.message.results === message.results
        ? []
        : [{ branch: branch.name, text: answer }];
    });
    const results = new Map([...message.results, ...found]);
    const left = skipped.map(({ name, reason }) => `, ${name} skipped: ${reason}`).join('');
    const covered = new Set([
      ...(message.covered ?? []),
      ...done.flatMap((branch) => [...(branch.message.covered ?? [])]),
      ...found.keys(),
    ]);
    const gathered: Message = { ...message, results, covered };
    const joined =
      template === undefined
        ? join(answers, how)
        : { text: template.render(gathered), note: `${done.length} of ${names.length} branches` };
    if (joined === undefined) return { message: gathered, note: `nothing found${left}` };
    results.set(this.id, joined.text);
    return { message: { ...gathered, answer: joined.text }, note: `${joined.note}${left}` };
  }
}

/** What the branches' nodes found, in the branches' order. */
function foundBy(done: readonly BranchRun[], before: Message): Map<string, string> {
  return new Map(
    done.flatMap(({ message }) => [...message.results].filter(([id, text]) => before.results.get(id) !== text)),
  );
}

const concurrencySchema = z
  .int()
  .min(1, 'expected a whole number from 1 to 1000.')
  .max(1000, 'expected a whole number from 1 to 1000.');

/** `kind: fanout`, with its `branches`, and how to `join` them. */
export const fanoutKind = defineNodeKind({
  kind: 'fanout',
  shape: ['[/', '\\]'],
  settings: closedMap({
    kind: z.literal('fanout'),
    branches: z
      .record(nameSchema, chainSchema)
      .refine((branches) => Object.keys(branches).length > 0, { error: 'expected at least one branch.' }),
    join: z.enum(joinNames).optional(),
    template: promptTemplateSchema.optional(),
    concurrency: concurrencySchema.optional(),
    on_error: z.enum(['fail', 'skip']).optional(),
  }).refine(({ join: how, template }) => how === undefined || template === undefined, {
    error: 'has both `join` and `template`; expected one of them.',
  }),
  create: (id, settings) => new FanoutNode(id, settings),
});

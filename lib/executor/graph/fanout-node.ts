import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { closedMap } from '../schema/closed-map.js';
import { chainSchema } from './chain-schema.js';
import { type FinishedBranch, runBranches } from './fanout-branches.js';
import { type BranchResult, type JoinName, join, joinNames } from './join-results.js';
import type { GraphNode, Message, NodeCall, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { chainRunner } from './run-chain.js';
import { nameSchema } from './schema.js';

/** Settings of a fanout: its branches, and how to join their results. */
export interface FanoutSettings {
  /** The nodes of each branch in order, by branch name. */
  readonly branches: Readonly<Record<string, readonly string[]>>;
  /** How to join the results of the branches; default `list`. */
  readonly join?: JoinName | undefined;
  /** A text with `{{results.<node>}}` for the joined result, instead of `join`. */
  readonly template?: PromptTemplate | undefined;
  /** Maximum number of concurrent branches; default all. */
  readonly concurrency?: number | undefined;
  /** `fail` ends the run if a branch fails; `skip` leaves the branch out. Default `fail`. */
  readonly on_error?: 'fail' | 'skip' | undefined;
}

/**
 * Runs branches concurrently on the same message, and joins their results into one result.
 *
 * A failure aborts the other branches, unless `on_error` is `skip`. With `join: first`, the first result aborts them
 * too. Later nodes can also use the results of the nodes in the branches.
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

  /** Throws the error of a branch, or a `GraphRunError` if a branch failed at a gate or all branches failed. */
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
      stopAtFirst: template === undefined && how === 'first',
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    const found = newResults(done, message);
    const answers = done.flatMap((branch): BranchResult[] => {
      const { answer } = branch.message;
      return answer === undefined || branch.message.results === message.results
        ? []
        : [{ branch: branch.name, text: answer }];
    });
    const results = new Map([...message.results, ...found]);
    const skippedNote = skipped.map(({ name, reason }) => `, ${name} skipped: ${reason}`).join('');
    const covered = new Set([
      ...(message.covered ?? []),
      ...done.flatMap((branch) => [...(branch.message.covered ?? [])]),
      ...found.keys(),
    ]);
    const merged: Message = { ...message, results, covered };
    const joined =
      template === undefined
        ? join(answers, how)
        : { text: template.render(merged), note: `${done.length} of ${names.length} branches` };
    if (joined === undefined) return { message: merged, note: `nothing found${skippedNote}` };
    results.set(this.id, joined.text);
    return { message: { ...merged, answer: joined.text }, note: `${joined.note}${skippedNote}` };
  }
}

/** The results that the branches added, in the order of the branches. */
function newResults(done: readonly FinishedBranch[], before: Message): Map<string, string> {
  return new Map(
    done.flatMap(({ message }) => [...message.results].filter(([id, text]) => before.results.get(id) !== text)),
  );
}

const concurrencySchema = z
  .int()
  .min(1, 'expected a whole number from 1 to 1000.')
  .max(1000, 'expected a whole number from 1 to 1000.');

/** `kind: fanout`, with its `branches` and how to `join` them. */
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

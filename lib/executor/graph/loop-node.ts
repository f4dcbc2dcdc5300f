import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { GraphRunError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import { type ModelReply, sumSpent } from './ask-model.js';
import { chainSchema } from './chain-schema.js';
import { type CheckOutcome, type CheckSettings, check, checksShape, hasChecks, referencesInChecks } from './checks.js';
import type { ChainOutcome, GraphNode, Message, NodeCall, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { chainRunner } from './run-chain.js';
import { nameSchema } from './schema.js';

/** Settings of a loop: the nodes to repeat, and when to stop. */
export interface LoopSettings {
  /** The nodes of one round. */
  readonly body: readonly string[];
  /** The loop ends when the result of a round passes these checks. By default, a gate in the body decides. */
  readonly until?: CheckSettings | undefined;
  /** Maximum number of rounds. */
  readonly max: number;
  /** After the last round without success: `continue` uses the last result, `fail` ends the run. Default `continue`. */
  readonly at_max?: 'continue' | 'fail' | undefined;
  /** The name of the model that judges. */
  readonly model?: string | undefined;
}

/**
 * Runs nodes repeatedly. Each round starts with the message that the previous round returned. The result of the loop is
 * the result of the last round.
 */
class LoopNode implements GraphNode {
  readonly kind = 'loop';
  readonly references: readonly ResultReference[];
  readonly calls: readonly NodeCall[];
  readonly modelName?: string;
  readonly #settings: LoopSettings;

  constructor(
    readonly id: string,
    settings: LoopSettings,
  ) {
    this.#settings = settings;
    this.references = settings.until === undefined ? [] : referencesInChecks(settings.until, 'until');
    this.calls = [{ setting: ['body'], nodes: settings.body, repeats: true }];
    if (settings.model !== undefined) this.modelName = settings.model;
  }

  /** Throws a `GraphRunError` after the last round without success if `at_max` is `fail`. */
  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { body, max, at_max: atMax = 'continue' } = this.#settings;
    const run = chainRunner(this, context);
    let spent: ModelReply['spent'] = {};
    let round: ChainOutcome = { message };
    for (let count = 1; count <= max; count++) {
      round = await run(body, round.message, { name: `round ${count}` });
      const outcome = await this.#checkRound(round, context);
      spent = sumSpent(spent, outcome?.spent ?? {});
      const rounds = `${count} ${count === 1 ? 'round' : 'rounds'}`;
      if (outcome?.passes)
        return {
          message: this.#withLoopResult(round.message, message),
          note: `${rounds}: ${outcome.reason}`,
          ...spent,
        };
      if (count < max) continue;
      const note = outcome === undefined ? rounds : `stopped at the maximum of ${rounds}: ${outcome.reason}`;
      if (outcome !== undefined && atMax === 'fail') {
        throw new GraphRunError(
          `The loop ${this.id} did not succeed in ${rounds}: ${outcome.reason}; raise its max, or set \`at_max: continue\`.`,
        );
      }
      return { message: this.#withLoopResult(round.message, message), note, ...spent };
    }
    return { message };
  }

  /** Checks the result of a round. `undefined` if only the number of rounds ends the loop. */
  async #checkRound({ message, route }: ChainOutcome, context: NodeContext): Promise<CheckOutcome | undefined> {
    const { until } = this.#settings;
    if (until !== undefined) return check(until, message, { context, owner: this.id });
    if (route === undefined) return undefined;
    return {
      passes: route === 'pass',
      reason: route === 'pass' ? 'its gate passed' : 'its gate failed',
      spent: {},
    };
  }

  #withLoopResult(message: Message, before: Message): Message {
    if (message.answer === undefined) return message;
    const mine = [...message.results].filter(([id, text]) => before.results.get(id) !== text).map(([id]) => id);
    return {
      ...message,
      results: new Map(message.results).set(this.id, message.answer),
      covered: new Set([...(message.covered ?? []), ...mine]),
    };
  }
}

const rounds = z
  .int()
  .min(1, 'expected a whole number from 1 to 1000.')
  .max(1000, 'expected a whole number from 1 to 1000.');

/** `kind: loop`. It repeats `body` until the checks in `until` pass, for at most `max` rounds. */
export const loopKind = defineNodeKind({
  kind: 'loop',
  shape: ['[/', '/]'],
  settings: closedMap({
    kind: z.literal('loop'),
    body: chainSchema,
    until: closedMap(checksShape)
      .refine(hasChecks, {
        error: 'expected something to check: min_length, max_length, matches, not_matches, contains or judge.',
      })
      .optional(),
    max: rounds,
    at_max: z.enum(['continue', 'fail']).optional(),
    model: nameSchema.optional(),
  }),
  create: (id, settings) => new LoopNode(id, settings),
});

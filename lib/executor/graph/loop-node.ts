import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { GraphRunError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import { type ModelReply, spentTogether } from './ask-model.js';
import { chainSchema } from './chain-schema.js';
import { type CheckOutcome, type CheckSettings, check, checkReferences, checksShape, sayAnything } from './checks.js';
import type { ChainOutcome, GraphNode, Message, NodeCall, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { chainRunner } from './run-chain.js';
import { nameSchema } from './schema.js';

/** What a loop repeats, and until when. */
export interface LoopSettings {
  /** The nodes of one round. */
  readonly body: readonly string[];
  /** What a round's result has to be for the loop to end; default a gate in the body says so. */
  readonly until?: CheckSettings | undefined;
  /** The most rounds. */
  readonly max: number;
  /** What comes of the most rounds without a good end; default the last one's result. */
  readonly at_max?: 'continue' | 'fail' | undefined;
  /** The named model that judges. */
  readonly model?: string | undefined;
}

/** Runs some nodes over and over, each round on what the one before made of the message; its result is the last one's. */
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
    this.references = settings.until === undefined ? [] : checkReferences(settings.until, 'until');
    this.calls = [{ setting: ['body'], nodes: settings.body, repeats: true }];
    if (settings.model !== undefined) this.modelName = settings.model;
  }

  /** Throws a `GraphRunError` when the most rounds came to no good end and that is a failure. */
  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { body, max, at_max: atMax = 'continue' } = this.#settings;
    const run = chainRunner(this, context);
    let spent: ModelReply['spent'] = {};
    let round: ChainOutcome = { message };
    for (let count = 1; count <= max; count++) {
      round = await run(body, round.message, { name: `round ${count}` });
      const outcome = await this.#judged(round, context);
      spent = spentTogether(spent, outcome?.spent ?? {});
      const rounds = `${count} ${count === 1 ? 'round' : 'rounds'}`;
      if (outcome?.holds)
        return { message: this.#whole(round.message, message), note: `${rounds}: ${outcome.reason}`, ...spent };
      if (count < max) continue;
      const why = outcome === undefined ? '' : `, the most: ${outcome.reason}`;
      if (outcome !== undefined && atMax === 'fail') {
        throw new GraphRunError(
          `The loop ${this.id} came to no end in ${rounds}: ${outcome.reason}; raise its max, or let it \`continue\` at_max.`,
        );
      }
      return { message: this.#whole(round.message, message), note: `${rounds}${why}`, ...spent };
    }
    return { message };
  }

  /** Undefined when nothing is there to end the loop but its number of rounds. */
  async #judged({ message, route }: ChainOutcome, context: NodeContext): Promise<CheckOutcome | undefined> {
    const { until } = this.#settings;
    if (until !== undefined) return check(until, message, { context, whose: this.id });
    if (route === undefined) return undefined;
    return {
      holds: route === 'pass',
      reason: route === 'pass' ? 'its gate let it pass' : 'its gate let none pass',
      spent: {},
    };
  }

  #whole(message: Message, before: Message): Message {
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

/** `kind: loop`, with its `body`, `until` when, and `max` rounds. */
export const loopKind = defineNodeKind({
  kind: 'loop',
  shape: ['[/', '/]'],
  settings: closedMap({
    kind: z.literal('loop'),
    body: chainSchema,
    until: closedMap(checksShape)
      .refine(sayAnything, {
        error: 'expected something to check: min_length, max_length, matches, not_matches, contains or judge.',
      })
      .optional(),
    max: rounds,
    at_max: z.enum(['continue', 'fail']).optional(),
    model: nameSchema.optional(),
  }),
  create: (id, settings) => new LoopNode(id, settings),
});

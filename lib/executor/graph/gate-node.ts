import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { closedMap } from '../schema/closed-map.js';
import { type ModelReply, sumSpent } from './ask-model.js';
import { chainSchema } from './chain-schema.js';
import { type CheckOutcome, type CheckSettings, check, checksShape, hasChecks, referencesInChecks } from './checks.js';
import type { GraphNode, Message, NodeCall, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { chainRunner } from './run-chain.js';
import { nameSchema } from './schema.js';

/** Settings of a gate: its checks, and what to do if they fail. */
export interface GateSettings extends CheckSettings {
  /** The name of the model that judges. */
  readonly model?: string | undefined;
  /** Nodes to run again if the checks fail, and the maximum number of retries. */
  readonly retry?: { readonly run: readonly string[]; readonly attempts: number } | undefined;
  /** Nodes to run if all retries failed. Their result is not checked. */
  readonly fallback?: readonly string[] | undefined;
}

/**
 * Checks a result, and takes the route `pass` or `fail`.
 *
 * If the checks fail, the gate first retries earlier nodes and then runs its fallback. While these nodes run, and after
 * the gate fails, the result of the gate is the reason why the checks failed. A gate that passes has no result.
 */
class GateNode implements GraphNode {
  readonly kind = 'gate';
  readonly routes = ['pass', 'fail'];
  readonly references: readonly ResultReference[];
  readonly calls: readonly NodeCall[];
  readonly modelName?: string;
  readonly #settings: GateSettings;

  constructor(
    readonly id: string,
    settings: GateSettings,
  ) {
    const { retry, fallback, model } = settings;
    this.#settings = settings;
    this.references = referencesInChecks(settings);
    this.calls = [
      ...(retry === undefined ? [] : [{ setting: ['retry', 'run'], nodes: retry.run, anew: true }]),
      ...(fallback === undefined ? [] : [{ setting: ['fallback'], nodes: fallback }]),
    ];
    if (model !== undefined) this.modelName = model;
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { retry, fallback } = this.#settings;
    let spent: ModelReply['spent'] = {};
    let judged = message;
    let retries = 0;
    let outcome: CheckOutcome;
    for (;;) {
      outcome = await check(this.#settings, judged, { context, owner: this.id });
      spent = sumSpent(spent, outcome.spent);
      if (outcome.passes || retry === undefined || retries === retry.attempts) break;
      retries++;
      const failed = this.#withReason(judged, outcome.reason);
      judged = (await chainRunner(this, context)(retry.run, failed, { name: `retry ${retries}` })).message;
    }
    const tries = retries === 0 ? '' : ` after ${retries} ${retries === 1 ? 'retry' : 'retries'}`;
    if (outcome.passes) {
      return { message: this.#withReason(judged), route: 'pass', note: `pass${tries}: ${outcome.reason}`, ...spent };
    }
    const failed = this.#withReason(judged, outcome.reason);
    if (fallback === undefined)
      return { message: failed, route: 'fail', note: `fail${tries}: ${outcome.reason}`, ...spent };
    const fallbackOutcome = await chainRunner(this, context)(fallback, failed, { name: 'fallback' });
    return {
      message: this.#withReason(fallbackOutcome.message),
      route: 'pass',
      note: `fallback${tries}: ${outcome.reason}`,
      ...spent,
    };
  }

  #withReason(message: Message, reason?: string): Message {
    const results = new Map(message.results);
    results.delete(this.id);
    if (reason !== undefined) results.set(this.id, reason);
    return { ...message, results };
  }
}

const attempts = z
  .int()
  .min(1, 'expected a whole number from 1 to 100.')
  .max(100, 'expected a whole number from 1 to 100.');

/** `kind: gate`, with checks and optionally `retry`, `fallback` and the judging `model`. */
export const gateKind = defineNodeKind({
  kind: 'gate',
  shape: ['{{', '}}'],
  settings: closedMap({
    kind: z.literal('gate'),
    ...checksShape,
    model: nameSchema.optional(),
    retry: closedMap({ run: chainSchema, attempts: attempts.default(1) }).optional(),
    fallback: chainSchema.optional(),
  }).refine(hasChecks, {
    error: 'expected something to check: min_length, max_length, matches, not_matches, contains or judge.',
  }),
  create: (id, settings) => new GateNode(id, settings),
});

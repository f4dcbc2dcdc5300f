import { z } from 'zod';
import { TrackNode } from '../decorators/track-node.js';
import { closedMap } from '../yaml/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { type RouteClues, RouteScorer } from './route-scorer.js';
import { nameSchema } from './schema.js';

/** What a router chooses by. */
export interface RouterSettings {
  /** The clues of each route, in the order that settles ties. */
  readonly routes: Readonly<Record<string, RouteClues>>;
  /** The route taken when nothing speaks for any. */
  readonly default: string;
}

/** Chooses the way a question takes by keywords and patterns; see `RouteScorer` for how they count. */
export class RouterNode implements GraphNode {
  readonly kind = 'router';
  readonly leavesNoResult = true;
  readonly routes: readonly string[];
  readonly #scorer: RouteScorer;
  readonly #default: string;

  constructor(
    readonly id: string,
    settings: RouterSettings,
  ) {
    this.routes = [...new Set([...Object.keys(settings.routes), settings.default])];
    this.#scorer = new RouteScorer(Object.entries(settings.routes));
    this.#default = settings.default;
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, _context: NodeContext): Promise<NodeOutcome> {
    const best = this.#scorer.best(message.question);
    const route = best?.route ?? this.#default;
    return { message, route, note: `${route} (${best === undefined ? 'default' : `score ${best.score}`})` };
  }
}

const patternSchema = z.string().transform((source, context) => {
  try {
    return new RegExp(source, 'giu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `expected a regular expression (flags i, u): ${reason}.` });
    return z.NEVER;
  }
});

const cluesSchema = closedMap({
  keywords: z.array(z.string().regex(/\S/, 'expected a word or a phrase.')).default([]),
  pattern: patternSchema.optional(),
}).refine(({ keywords, pattern }) => keywords.length > 0 || pattern !== undefined, {
  error: 'expected keywords, a pattern, or both.',
});

/** `kind: router`, with `routes` and the name of the `default` route. */
export const routerKind = defineNodeKind({
  kind: 'router',
  shape: ['{', '}'],
  settings: closedMap({
    kind: z.literal('router'),
    routes: z
      .record(nameSchema, cluesSchema)
      .refine((routes) => Object.keys(routes).length > 0, { error: 'expected at least one route.' }),
    default: nameSchema,
  }),
  create: (id, settings) => new RouterNode(id, settings),
});

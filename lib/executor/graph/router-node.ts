import { TrackNode } from 'tinyllm';
import { ModelError } from 'tinyllm/recording';
import { z } from 'zod';
import { GraphRunError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import type { ModelReply } from './ask-model.js';
import { chooseRoute, type RouteOption } from './choose-route.js';
import { isLanguageModel } from './language-model.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { patternSchema } from './pattern-schema.js';
import { type RouteClues, RouteScorer } from './route-scorer.js';
import { nameSchema } from './schema.js';

/** What a router knows of a route. */
export interface RouteSettings extends RouteClues {
  /** What a model is told of it; default its keywords. */
  readonly description?: string | undefined;
}

/** What a router chooses by. */
export interface RouterSettings {
  /**
   * Who chooses: the clues, a model, or a model when a language model is there and its answer is of use, and else
   * the clues. Default the clues.
   */
  readonly by?: 'keywords' | 'model' | 'auto' | undefined;
  /** Each route, in the order that settles ties. */
  readonly routes: Readonly<Record<string, RouteSettings>>;
  /** The route taken when nothing speaks for any. */
  readonly default: string;
  /** The named model that chooses. */
  readonly model?: string | undefined;
}

/** Chooses the way a question takes, by a model or by keywords and patterns; see `RouteScorer` for how those count. */
export class RouterNode implements GraphNode {
  readonly kind = 'router';
  readonly leavesNoResult = true;
  readonly routes: readonly string[];
  readonly modelName?: string;
  readonly #scorer: RouteScorer;
  readonly #options: readonly RouteOption[];
  readonly #settings: RouterSettings;

  constructor(
    readonly id: string,
    settings: RouterSettings,
  ) {
    const { routes, default: otherwise, model } = settings;
    this.routes = [...new Set([...Object.keys(routes), otherwise])];
    this.#scorer = new RouteScorer(Object.entries(routes));
    const known = new Map(Object.entries(routes));
    this.#options = this.routes.map((route) => ({ route, description: described(known.get(route)) }));
    this.#settings = settings;
    if (model !== undefined) this.modelName = model;
  }

  /** Throws what the model throws, but a `ModelError` only when there is no other way to choose. */
  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { by = 'keywords' } = this.#settings;
    if (by === 'keywords') return this.#byClues(message);
    if (!isLanguageModel(context.model)) {
      if (by === 'auto') return this.#byClues(message, 'no language model');
      throw new GraphRunError(
        `${this.id} chooses by a model, and the ${context.model.provider} one cannot; connect a language model, or set \`by: auto\`.`,
      );
    }
    return this.#byModel(message, context, by === 'auto');
  }

  async #byModel(message: Message, context: NodeContext, orByClues: boolean): Promise<NodeOutcome> {
    let spent: ModelReply['spent'];
    let route: string | undefined;
    try {
      ({ route, spent } = await chooseRoute(this.#options, message, context));
    } catch (error) {
      if (!orByClues || !(error instanceof ModelError)) throw error;
      return this.#byClues(message, 'the model failed');
    }
    const model = spent.model ?? context.model.model;
    if (route !== undefined) return { message, route, note: `${route} (model ${model})`, ...spent };
    if (orByClues) return { ...this.#byClues(message, `${model} named no route`), ...spent };
    const otherwise = this.#settings.default;
    return { message, route: otherwise, note: `${otherwise} (default; ${model} named no route)`, ...spent };
  }

  #byClues(message: Message, because?: string): NodeOutcome {
    const best = this.#scorer.best(message.question);
    const route = best?.route ?? this.#settings.default;
    const how = best === undefined ? 'default' : `score ${best.score}`;
    return { message, route, note: `${route} (${how}${because === undefined ? '' : `; ${because}`})` };
  }
}

function described(settings: RouteSettings | undefined): string {
  if (settings?.description !== undefined) return settings.description;
  return settings === undefined || settings.keywords.length === 0 ? 'anything else' : settings.keywords.join(', ');
}

const routeSchema = closedMap({
  description: z.string().regex(/\S/, 'expected what the route is for.').optional(),
  keywords: z.array(z.string().regex(/\S/, 'expected a word or a phrase.')).default([]),
  pattern: patternSchema.optional(),
}).refine(
  ({ description, keywords, pattern }) => keywords.length > 0 || pattern !== undefined || description !== undefined,
  { error: 'expected keywords, a pattern, or a description.' },
);

/** `kind: router`, with `routes`, the name of the `default` route, and who chooses: `by`, and which `model`. */
export const routerKind = defineNodeKind({
  kind: 'router',
  shape: ['{', '}'],
  settings: closedMap({
    kind: z.literal('router'),
    by: z.enum(['keywords', 'model', 'auto']).optional(),
    routes: z
      .record(nameSchema, routeSchema)
      .refine((routes) => Object.keys(routes).length > 0, { error: 'expected at least one route.' }),
    default: nameSchema,
    model: nameSchema.optional(),
  }),
  create: (id, settings) => new RouterNode(id, settings),
});

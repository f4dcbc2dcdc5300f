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

/** Settings of a route. */
export interface RouteSettings extends RouteClues {
  /** The description for the model; default the keywords. */
  readonly description?: string | undefined;
}

/** Settings of a router. */
export interface RouterSettings {
  /**
   * How to choose: by keywords and patterns, or by a model. `auto` asks a language model. Keywords and patterns decide
   * if there is no language model, if it fails, or if its answer names no route. Default `keywords`.
   */
  readonly by?: 'keywords' | 'model' | 'auto' | undefined;
  /** The routes. If scores are equal, the first route wins. */
  readonly routes: Readonly<Record<string, RouteSettings>>;
  /** The route if no other route matches. */
  readonly default: string;
  /** The name of the model that chooses. */
  readonly model?: string | undefined;
}

/** Chooses a route for a question, by a model or by keywords and patterns. */
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

  /**
   * Throws the errors of the model. With `by: auto`, a `ModelError` is not thrown; keywords and patterns decide
   * instead.
   */
  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { by = 'keywords' } = this.#settings;
    if (by === 'keywords') return this.#byKeywords(message);
    if (!isLanguageModel(context.model)) {
      if (by === 'auto') return this.#byKeywords(message, 'no language model');
      throw new GraphRunError(
        `${this.id} chooses by a model, but the model ${context.model.provider} cannot choose; connect a language model, or set \`by: auto\`.`,
      );
    }
    return this.#byModel(message, context, by === 'auto');
  }

  async #byModel(message: Message, context: NodeContext, fallsBackToKeywords: boolean): Promise<NodeOutcome> {
    let spent: ModelReply['spent'];
    let route: string | undefined;
    try {
      ({ route, spent } = await chooseRoute(this.#options, message, context));
    } catch (error) {
      if (!fallsBackToKeywords || !(error instanceof ModelError)) throw error;
      return this.#byKeywords(message, 'the model failed');
    }
    const model = spent.model ?? context.model.model;
    if (route !== undefined) return { message, route, note: `${route} (model ${model})`, ...spent };
    if (fallsBackToKeywords) return { ...this.#byKeywords(message, `${model} named no route`), ...spent };
    const otherwise = this.#settings.default;
    return { message, route: otherwise, note: `${otherwise} (default; ${model} named no route)`, ...spent };
  }

  #byKeywords(message: Message, because?: string): NodeOutcome {
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
  description: z.string().regex(/\S/, 'expected a description of the route.').optional(),
  keywords: z.array(z.string().regex(/\S/, 'expected a word or a phrase.')).default([]),
  pattern: patternSchema.optional(),
}).refine(
  ({ description, keywords, pattern }) => keywords.length > 0 || pattern !== undefined || description !== undefined,
  { error: 'expected keywords, a pattern, or a description.' },
);

/** `kind: router`, with `routes`, the name of the `default` route, `by` (how to choose), and the choosing `model`. */
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

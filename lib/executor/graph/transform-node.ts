import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { closedMap } from '../schema/closed-map.js';
import { matchesOf } from './find-matches.js';
import { type JsonPath, jsonIn, jsonPathSchema, valueAt } from './json-text.js';
import type { GraphNode, Message, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { patternSchema } from './pattern-schema.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { nameSchema } from './schema.js';

const changes = {
  trim: (text: string) => text.trim(),
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
} as const;

/** Settings of a transform. The steps apply in this order. */
export interface TransformSettings {
  /** The node whose result is the input; default the latest result, or else the question. */
  readonly of?: string | undefined;
  /** A template for the input, instead of `of`. */
  readonly template?: PromptTemplate | undefined;
  /** Extracts the first match. If the pattern has groups, extracts the first group that matched. */
  readonly extract?: RegExp | undefined;
  /** Extracts a value from the JSON in the text. The empty path extracts the whole JSON. */
  readonly json?: JsonPath | undefined;
  /** Changes to apply last. */
  readonly apply?: readonly (keyof typeof changes)[] | undefined;
}

/** Transforms a text without a model. If there is nothing to extract, the node has no result. */
class TransformNode implements GraphNode {
  readonly kind = 'transform';
  readonly references: readonly ResultReference[];
  readonly #settings: TransformSettings;

  constructor(
    readonly id: string,
    settings: TransformSettings,
  ) {
    const { of, template } = settings;
    this.#settings = settings;
    this.references = [
      ...(of === undefined ? [] : [{ setting: 'of', node: of, words: `of: ${of}` }]),
      ...(template?.results ?? []).map((node) => ({ setting: 'template', node })),
    ];
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, _context: NodeContext): Promise<NodeOutcome> {
    const made = this.#make(message);
    if (made === undefined) return { message, note: 'nothing found' };
    return { message: { ...message, results: new Map(message.results).set(this.id, made), answer: made }, note: made };
  }

  #make(message: Message): string | undefined {
    const { of, template, extract, json, apply = [] } = this.#settings;
    let text: string | undefined =
      template?.render(message) ?? (of === undefined ? (message.answer ?? message.question) : message.results.get(of));
    if (text !== undefined && extract !== undefined) {
      const [match] = matchesOf(extract, text, this.id);
      text =
        match === undefined
          ? undefined
          : match.length > 1
            ? match.slice(1).find((group) => group !== undefined)
            : match[0];
    }
    if (text !== undefined && json !== undefined) text = valueAt(jsonIn(text), json);
    return text === undefined ? undefined : apply.reduce((changed, name) => changes[name](changed), text);
  }
}

const changeSchema = z.enum(Object.keys(changes) as (keyof typeof changes)[]);

/** `kind: transform`, with `of` or `template`, and the steps `extract`, `json` and `apply`. */
export const transformKind = defineNodeKind({
  kind: 'transform',
  shape: ['[\\', '\\]'],
  settings: closedMap({
    kind: z.literal('transform'),
    of: nameSchema.optional(),
    template: promptTemplateSchema.optional(),
    extract: patternSchema.optional(),
    json: jsonPathSchema.optional(),
    apply: z
      .union([changeSchema.transform((name) => [name]), z.array(changeSchema).min(1)], {
        error: `expected ${Object.keys(changes).join(', ')}, or a list of these.`,
      })
      .optional(),
  })
    .refine(({ of, template }) => of === undefined || template === undefined, {
      error: 'has both `of` and `template`; expected one of them.',
    })
    .refine(
      ({ template, extract, json, apply }) => [template, extract, json, apply].some((part) => part !== undefined),
      {
        error: 'expected something to do: template, extract, json or apply.',
      },
    ),
  create: (id, settings) => new TransformNode(id, settings),
});

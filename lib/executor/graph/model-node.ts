import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import type { ModelChunk, ModelRequest } from '../models/model-client.js';
import { closedMap } from '../schema/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { nameSchema } from './schema.js';

/** What a model node tells its model. */
export interface ModelNodeSettings {
  /** The named model it asks. */
  readonly model?: string | undefined;
  /** The instructions. */
  readonly system?: PromptTemplate | undefined;
  /** What the model is asked; default the user's question as it stands. */
  readonly prompt?: PromptTemplate | undefined;
}

/**
 * Asks the model its settings name, or else the run's.
 *
 * The question goes as the prompt; the instructions, the system messages the conversation begins with, and the results that no template places and no other result
 * covers, go before it as the system text. The answer streams when the run hands its pieces on, and comes whole otherwise.
 */
export class ModelNode implements GraphNode {
  readonly kind = 'model';
  readonly references: readonly ResultReference[];
  readonly modelName?: string;
  readonly #settings: ModelNodeSettings;

  constructor(
    readonly id: string,
    settings: ModelNodeSettings = {},
  ) {
    this.#settings = settings;
    this.references = (['system', 'prompt'] as const).flatMap((setting) =>
      (settings[setting]?.results ?? []).map((node) => ({ setting, node })),
    );
    if (settings.model !== undefined) this.modelName = settings.model;
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    const { text, finishReason, usage, cached, costUsd, model, provider } = await this.#ask(
      this.#request(message, context),
      context,
    );
    const notes = [
      ...(finishReason === undefined || finishReason === 'stop' ? [] : [`finished: ${finishReason}`]),
      ...(cached === undefined ? [] : [`cached: ${cached}`]),
      // Only an answer of another model than the one asked says whose it is.
      ...(provider === undefined ? [] : [`answered by ${provider}, model ${model}`]),
    ];
    return {
      message: { ...message, results: new Map(message.results).set(this.id, text), answer: text },
      ...(finishReason === undefined ? {} : { finishReason }),
      ...(usage === undefined ? {} : { usage }),
      ...(costUsd === undefined ? {} : { costUsd }),
      ...(model === undefined ? {} : { model }),
      ...(provider === undefined ? {} : { provider }),
      ...(notes.length === 0 ? {} : { note: notes.join(', ') }),
    };
  }

  /** The whole answer; of a stream, all of its text with what its chunks said last. */
  async #ask(request: ModelRequest, { model, onText }: NodeContext): Promise<ModelChunk> {
    if (onText === undefined) return model.generate(request);
    let answer: ModelChunk = { text: '' };
    for await (const chunk of model.stream(request)) {
      answer = { ...answer, ...chunk, text: answer.text + chunk.text };
      if (chunk.text !== '') await onText(chunk.text);
    }
    return answer;
  }

  #request(message: Message, { graph, signal, history = [], answer }: NodeContext): ModelRequest {
    // Many models take one system text, and only at the beginning.
    const turns = history.findIndex(({ role }) => role !== 'system');
    const asked = history.slice(0, turns < 0 ? history.length : turns);
    const told = history.slice(asked.length);
    const placed = new Set(this.references.map(({ node }) => node));
    const results = [...message.results].filter(([node]) => !placed.has(node) && message.covered?.has(node) !== true);
    const system = [
      this.#settings.system?.render(message).trim() ?? '',
      ...asked.map(({ content }) => content.trim()),
      results.length === 0 ? '' : `Found so far:\n${results.map(([node, text]) => `- ${node}: ${text}`).join('\n')}`,
    ].filter((part) => part !== '');
    return {
      prompt: this.#settings.prompt?.render(message) ?? message.question,
      graph,
      ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
      ...answer,
      ...(told.length === 0 ? {} : { history: told }),
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

/** `kind: model`, with `system` and `prompt`, both templates, and the `model` to ask; all optional. */
export const modelKind = defineNodeKind({
  kind: 'model',
  shape: ['[', ']'],
  settings: closedMap({
    kind: z.literal('model'),
    system: promptTemplateSchema.optional(),
    prompt: z
      .string()
      .regex(/\S/, 'expected a text; leave `prompt` out to send the question as it stands.')
      .pipe(promptTemplateSchema)
      .optional(),
    model: nameSchema.optional(),
  }),
  create: (id, settings) => new ModelNode(id, settings),
});

import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import type { ModelChunk, ModelRequest } from '../models/model-client.js';
import { closedMap } from '../schema/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome, ResultReference } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { type PromptTemplate, promptTemplateSchema } from './prompt-template.js';
import { nameSchema } from './schema.js';

/** Settings of a model node. */
export interface ModelNodeSettings {
  /** The name of the model; default the model of the run. */
  readonly model?: string | undefined;
  /** The instructions. */
  readonly system?: PromptTemplate | undefined;
  /** The prompt; default the unchanged question of the user. */
  readonly prompt?: PromptTemplate | undefined;
}

/**
 * Sends the question to a model.
 *
 * The system text consists of the instructions, the leading system messages of the conversation, and earlier results.
 * It leaves out results that a template already contains, and results that are part of a later result, such as those of
 * the branches of a fanout. The node streams only if its answer is the answer of the run, and the run has an `onText`
 * listener.
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
    const { text, finishReason, usage, cached, costUsd, model, provider } = await this.#requestAnswer(
      this.#request(message, context),
      context,
    );
    const notes = [
      ...(finishReason === undefined || finishReason === 'stop' ? [] : [`finished: ${finishReason}`]),
      ...(cached === undefined ? [] : [`cached: ${cached}`]),
      // Responses have a provider only if another model than the requested one answered.
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

  /** The complete answer. For a stream: the joined text, with the last value of every other field. */
  async #requestAnswer(request: ModelRequest, { model, onText }: NodeContext): Promise<ModelChunk> {
    if (onText === undefined) return model.generate(request);
    let answer: ModelChunk = { text: '' };
    for await (const chunk of model.stream(request)) {
      answer = { ...answer, ...chunk, text: answer.text + chunk.text };
      if (chunk.text !== '') await onText(chunk.text);
    }
    return answer;
  }

  #request(message: Message, { graph, signal, history = [], answer }: NodeContext): ModelRequest {
    // Many models accept only one system text, at the beginning.
    const turns = history.findIndex(({ role }) => role !== 'system');
    const systemMessages = history.slice(0, turns < 0 ? history.length : turns);
    const conversation = history.slice(systemMessages.length);
    const placed = new Set(this.references.map(({ node }) => node));
    const results = [...message.results].filter(([node]) => !placed.has(node) && message.covered?.has(node) !== true);
    const system = [
      this.#settings.system?.render(message).trim() ?? '',
      ...systemMessages.map(({ content }) => content.trim()),
      results.length === 0 ? '' : `Found so far:\n${results.map(([node, text]) => `- ${node}: ${text}`).join('\n')}`,
    ].filter((part) => part !== '');
    return {
      prompt: this.#settings.prompt?.render(message) ?? message.question,
      graph,
      ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
      ...answer,
      ...(conversation.length === 0 ? {} : { history: conversation }),
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

/** `kind: model`, with the optional templates `system` and `prompt`, and the optional name of a `model`. */
export const modelKind = defineNodeKind({
  kind: 'model',
  shape: ['[', ']'],
  settings: closedMap({
    kind: z.literal('model'),
    system: promptTemplateSchema.optional(),
    prompt: z
      .string()
      .regex(/\S/, 'expected a text; remove `prompt` to send the unchanged question.')
      .pipe(promptTemplateSchema)
      .optional(),
    model: nameSchema.optional(),
  }),
  create: (id, settings) => new ModelNode(id, settings),
});

import { TrackNode } from 'tinyllm';
import { isTinyLLMError } from 'tinyllm/configuration';
import { z } from 'zod';
import { ToolError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import { defineNodeKind } from './node-kind.js';
import { calculator } from './tools/calculator.js';
import type { Tool } from './tools/tool.js';

/** Runs a tool on the question. If the tool returns no result, the run continues without one. */
export class ToolNode implements GraphNode {
  readonly kind = 'tool';

  constructor(
    readonly id: string,
    readonly tool: Tool,
  ) {}

  async prepare(): Promise<void> {
    await this.tool.prepare?.();
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, { signal }: NodeContext): Promise<NodeOutcome> {
    const result = await this.#run(message.question, signal);
    if (result === undefined) return { message, note: 'nothing found' };
    const results = new Map(message.results).set(this.id, result);
    return { message: { ...message, results, answer: result }, note: result };
  }

  async #run(question: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    try {
      return await this.tool.run(question, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted === true || isTinyLLMError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ToolError(`The tool ${this.tool.name} failed at ${this.id}: ${reason}`, { cause: error });
    }
  }
}

/** All tools by name. */
export const tools: ReadonlyMap<string, Tool> = new Map([calculator].map((tool) => [tool.name, tool]));

const toolSchema = z.enum([...tools.keys()]).transform((name, context) => {
  const tool = tools.get(name);
  if (tool !== undefined) return tool;
  context.addIssue({ code: 'custom', message: 'expected a tool.' });
  return z.NEVER;
});

/** `kind: tool`, with the name of the `tool`. */
export const toolKind = defineNodeKind({
  kind: 'tool',
  shape: ['[[', ']]'],
  settings: closedMap({ kind: z.literal('tool'), tool: toolSchema }),
  create: (id, settings) => new ToolNode(id, settings.tool),
});

import type { ModelRequest } from '../models/model-client.js';
import type { NodeContext, NodeOutcome } from './node.js';

/** What a model answered a node, and what that took, as the node's outcome tells it. */
export interface ModelReply {
  readonly text: string;
  readonly spent: Pick<NodeOutcome, 'usage' | 'costUsd' | 'model' | 'provider'>;
}

/** Asks a node's model something for the node itself, not for the user: a verdict, a choice. */
export async function askModel(
  request: Pick<ModelRequest, 'prompt' | 'system'>,
  context: NodeContext,
): Promise<ModelReply> {
  const { model, graph, signal } = context;
  const response = await model.generate({ ...request, graph, ...(signal === undefined ? {} : { signal }) });
  const { text, usage, costUsd, provider } = response;
  return {
    text: withoutThoughts(text),
    spent: {
      usage,
      model: response.model,
      ...(provider === undefined ? {} : { provider }),
      ...(costUsd === undefined ? {} : { costUsd }),
    },
  };
}

/** Reasoning models think aloud between these tags before they answer. */
function withoutThoughts(text: string): string {
  return text.replace(/<think>[\s\S]*?(<\/think>|$)/gi, '').trim();
}

type Spent = ModelReply['spent'];

/** What several requests took together. */
export function spentTogether(earlier: Spent, later: Spent): Spent {
  const { model, provider } = later.model === undefined ? earlier : later;
  return {
    ...(earlier.usage === undefined && later.usage === undefined
      ? {}
      : {
          usage: {
            inputTokens: (earlier.usage?.inputTokens ?? 0) + (later.usage?.inputTokens ?? 0),
            outputTokens: (earlier.usage?.outputTokens ?? 0) + (later.usage?.outputTokens ?? 0),
          },
        }),
    ...(earlier.costUsd === undefined && later.costUsd === undefined
      ? {}
      : { costUsd: (earlier.costUsd ?? 0) + (later.costUsd ?? 0) }),
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
  };
}

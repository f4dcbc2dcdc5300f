import type { ModelRequest } from '../models/model-client.js';
import type { NodeContext, NodeOutcome } from './node.js';

/** The answer of a model, with the usage and cost fields for the outcome of the node. */
export interface ModelReply {
  readonly text: string;
  readonly spent: Pick<NodeOutcome, 'usage' | 'costUsd' | 'model' | 'provider'>;
}

/**
 * Asks the model of a node for a decision, such as a verdict or a route. The answer is not part of the run's answer.
 */
export async function askModel(
  request: Pick<ModelRequest, 'prompt' | 'system'>,
  context: NodeContext,
): Promise<ModelReply> {
  const { model, graph, signal } = context;
  const response = await model.generate({ ...request, graph, ...(signal === undefined ? {} : { signal }) });
  const { text, usage, costUsd, provider } = response;
  return {
    text: removeThinking(text),
    spent: {
      usage,
      model: response.model,
      ...(provider === undefined ? {} : { provider }),
      ...(costUsd === undefined ? {} : { costUsd }),
    },
  };
}

/** Removes the reasoning that some models write between these tags. */
function removeThinking(text: string): string {
  return text.replace(/<think>[\s\S]*?(<\/think>|$)/gi, '').trim();
}

type Spent = ModelReply['spent'];

/**
 * Adds the usage and cost of two requests. Uses the model and provider of the later request. If the later request has
 * none, uses those of the earlier request.
 */
export function sumSpent(earlier: Spent, later: Spent): Spent {
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

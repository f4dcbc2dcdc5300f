import { aiSdkReason, aiSdkUsage } from './ai-sdk.js';
import { anthropicUsage } from './anthropic.js';
import { type Fields, isFields, isFilled, secondsIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import { geminiUsage } from './gemini.js';
import { ollamaUsage } from './ollama.js';
import { openaiUsage } from './openai-chat.js';
import { responsesUsage } from './openai-responses.js';
import type { ResponseReader } from './response-reader.js';
import { type TokenUsage, usageOf } from './token-usage.js';

/**
 * Reads the results of an application's own classes, and of this project's model clients.
 *
 * Such a result often passes on a provider's `usage` and finish reason, so the names of all providers are accepted.
 */
export const plain: ResponseReader = {
  usage(result) {
    for (const place of [result, result.message, result.response]) {
      if (!isFields(place)) continue;
      const { usage, usage_metadata: metadata } = place;
      const stated = isFields(usage) ? usage : metadata;
      const counts = isFields(stated) ? anyUsage(stated) : ollamaUsage(place);
      if (counts !== undefined) return counts;
    }
    return undefined;
  },
  finishReason: ({ finishReason, finish_reason: openai, stop_reason: anthropic, done_reason: ollama }) =>
    aiSdkReason(finishReason) ?? finishReasonNamed(openai) ?? finishReasonNamed(anthropic) ?? finishReasonNamed(ollama),
  callsTools: () => false,
  carriesOutput: ({ text, type }) => type !== undefined || text !== '',
  isLast: (chunk) => plain.finishReason(chunk) !== undefined,
  timings({ timings }) {
    if (!isFields(timings)) return undefined;
    return {
      loadSeconds: secondsIn(timings.loadSeconds, 1),
      reportedLoadSeconds: secondsIn(timings.reportedLoadSeconds, 1),
      outputSeconds: secondsIn(timings.outputSeconds, 1),
      firstTokenSeconds: secondsIn(timings.firstTokenSeconds, 1),
    };
  },
  errorType: () => undefined,
};

/** The counts of a `usage` object with the names of any provider, also if it mixes them. */
export function anyUsage(usage: Fields): TokenUsage | undefined {
  const { tokens, ...named } = usage;
  const isResponses = isFields(usage.input_tokens_details) || isFields(usage.output_tokens_details);
  const found = [
    aiSdkUsage(named),
    openaiUsage(usage),
    isResponses ? responsesUsage(usage) : anthropicUsage(usage),
    geminiUsage(usage),
    ollamaUsage(usage),
    // The name of the AI SDK for embeddings, where nothing says more.
    aiSdkUsage({ tokens }),
  ];
  const count = (name: keyof TokenUsage): number | undefined =>
    found.find((counts) => counts?.[name] !== undefined)?.[name];
  return usageOf(
    count('inputTokens'),
    count('outputTokens'),
    count('cachedInputTokens'),
    count('cacheWriteTokens'),
    count('reasoningTokens'),
  );
}

/** Fields of results that need not state token counts: vectors, counts of tokens, images, sound, rankings, moderations. */
const withoutUsage = ['embedding', 'embeddings', 'image', 'images', 'audio', 'results', 'ranking', 'rankings'] as const;

/** Whether a response is of a kind that need not state token counts, or no response of a model at all. */
export function needsNoUsage(response: Fields): boolean {
  const { totalTokens, input_tokens: counted } = response;
  return (
    typeof (totalTokens ?? counted) === 'number' ||
    withoutUsage.some((field) => isFields(response[field])) ||
    Object.keys(response).length === 0 ||
    ArrayBuffer.isView(response) ||
    response instanceof Error
  );
}

/** Whether a response has a usage object in which a reader should have found something. */
export function statesUsage(response: Fields): boolean {
  const { usage, totalUsage, usageMetadata, usage_metadata: metadata } = response;
  return [usage, totalUsage, usageMetadata, metadata].some(
    (stated) => isFields(stated) && Object.values(stated).some(isFilled),
  );
}

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
 * Such a result often contains a provider's `usage` and finish reason, so the field names of all providers are
 * accepted.
 */
export const plain: ResponseReader = {
  usage: (result) => usageAt(result) ?? usageAt(result.message) ?? usageAt(result.response),
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

function usageAt(place: unknown): TokenUsage | undefined {
  if (!isFields(place)) return undefined;
  const { usage, usage_metadata: metadata } = place;
  const stated = isFields(usage) ? usage : metadata;
  return isFields(stated) ? anyUsage(stated) : ollamaUsage(place);
}

/** Reads the counts of a `usage` object with the field names of any provider, or a mix of them. */
export function anyUsage(usage: Fields): TokenUsage | undefined {
  const { tokens, ...named } = usage;
  const isResponses = isFields(usage.input_tokens_details) || isFields(usage.output_tokens_details);
  const found = [
    aiSdkUsage(named),
    openaiUsage(usage),
    isResponses ? responsesUsage(usage) : anthropicUsage(usage),
    geminiUsage(usage),
    ollamaUsage(usage),
    // In the AI SDK, `tokens` is the input count of an embedding. It is used only if no other field has the count.
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

/** Fields of responses that don't always state token counts: vectors, images, sound, rankings, moderations. */
const contentWithoutUsage = ['embedding', 'embeddings', 'image', 'images', 'audio', 'results', 'ranking', 'rankings'];

/** Fields of responses that only count tokens. */
const tokenTotals = ['totalTokens', 'input_tokens'];

/** The names of the fields by which {@link needsNoUsage} recognizes a response. */
export const fieldsWithoutUsage: ReadonlySet<string> = new Set([...contentWithoutUsage, ...tokenTotals]);

/** Whether a response doesn't need to state token counts, or is not a response of a model. */
export function needsNoUsage(response: Fields): boolean {
  return (
    tokenTotals.some((field) => typeof response[field] === 'number') ||
    contentWithoutUsage.some((field) => isFields(response[field])) ||
    Object.keys(response).length === 0 ||
    ArrayBuffer.isView(response) ||
    response instanceof Error
  );
}

/** Whether a response has a usage object in which a reader should have found a count. */
export function statesUsage({ usage, totalUsage, usageMetadata, usage_metadata: metadata }: Fields): boolean {
  return hasValues(usage) || hasValues(totalUsage) || hasValues(usageMetadata) || hasValues(metadata);
}

function hasValues(stated: unknown): boolean {
  return isFields(stated) && Object.values(stated).some(isFilled);
}

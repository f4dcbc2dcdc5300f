import { aiSdkReason, aiSdkUsage } from './ai-sdk.js';
import { anthropicUsage } from './anthropic.js';
import { type Fields, isFields, isFilled, secondsIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import { geminiUsage } from './gemini.js';
import { ollamaUsage } from './ollama.js';
import { openaiUsage } from './openai-chat.js';
import { responsesUsage } from './openai-responses.js';
import type { ResponseReader } from './response-reader.js';
import type { TokenUsage } from './token-usage.js';

/**
 * Reads the results of an application's own classes, and of this project's model clients.
 *
 * Such a result often passes on a provider's `usage` and finish reason, so the names of all providers are accepted.
 */
export const plain: ResponseReader = {
  usage(result) {
    const { usage, message, response } = result;
    if (isFields(usage)) return anyUsage(usage);
    if (isFields(message) && isFields(message.usage)) return anyUsage(message.usage);
    return isFields(response) && isFields(response.usage) ? anyUsage(response.usage) : undefined;
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

/** The counts of a `usage` object with the names of any provider. */
export function anyUsage(usage: Fields): TokenUsage | undefined {
  return (
    aiSdkUsage(usage) ??
    openaiUsage(usage) ??
    (isFields(usage.input_tokens_details) || isFields(usage.output_tokens_details)
      ? responsesUsage(usage)
      : anthropicUsage(usage)) ??
    geminiUsage(usage) ??
    ollamaUsage(usage)
  );
}

/** Whether a response is of a kind that need not state token counts: vectors, or a count of tokens. */
export function needsNoUsage({ embedding, embeddings, totalTokens, input_tokens: counted }: Fields): boolean {
  return isFields(embedding) || Array.isArray(embeddings) || typeof (totalTokens ?? counted) === 'number';
}

/** Whether a response has a usage object in which a reader should have found something. */
export function statesUsage(response: Fields): boolean {
  const { usage, totalUsage, usageMetadata, usage_metadata: metadata } = response;
  return [usage, totalUsage, usageMetadata, metadata].some(
    (stated) => isFields(stated) && Object.values(stated).some(isFilled),
  );
}

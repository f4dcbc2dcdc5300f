import { ModelProtocolError } from '../errors/model-errors.js';
import { anthropicUsage } from './anthropic.js';
import { type Fields, fieldsIn, isFields, isFilled, numberIn } from './fields.js';
import { type FinishReason, finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { type TokenUsage, usageOf } from './token-usage.js';

/** Types of stream parts that contain no output. */
const framing = [
  'start',
  'stream-start',
  'response-metadata',
  'start-step',
  'step-start',
  'finish-step',
  'step-finish',
  'finish',
  'text-start',
  'text-end',
  'reasoning-start',
  'reasoning-end',
  'reasoning-signature',
  'tool-input-start',
  'tool-input-end',
  'tool-call-streaming-start',
  'tool-result',
  'tool-error',
  'raw',
  'error',
  'abort',
  'ping',
] as const;

const withoutOutput: ReadonlySet<unknown> = new Set(framing);

const parts: ReadonlySet<unknown> = new Set([
  ...framing,
  'text',
  'text-delta',
  'reasoning',
  'reasoning-delta',
  'redacted-reasoning',
  'tool-input-delta',
  'tool-call-delta',
  'tool-call',
  'source',
  'file',
]);

/** Parts at the end of one of several steps. Their token counts are those of the step. */
const stepEnds: ReadonlySet<unknown> = new Set(['finish-step', 'step-finish']);

/**
 * Reads the AI SDK, versions 4 to 7: results of `generateText`, `generateObject`, `embed` and `embedMany`, results of
 * language models, and the parts of their streams.
 *
 * Format: https://ai-sdk.dev/docs/reference/ai-sdk-core
 */
export const aiSdk: ResponseReader = {
  usage({ totalUsage, usage, providerMetadata }) {
    // With several steps, `totalUsage` has the counts of all steps, and `usage` those of the last step.
    for (const stated of [totalUsage, usage]) {
      if (!isFields(stated)) continue;
      const counts = anthropicCounts(stated, providerMetadata) ?? aiSdkUsage(stated);
      if (counts !== undefined) return counts;
    }
    return undefined;
  },
  isIncrement: ({ type }) => stepEnds.has(type),
  finishReason: ({ type, finishReason }) =>
    type === 'abort' ? 'cancelled' : stepEnds.has(type) ? undefined : aiSdkReason(finishReason),
  // No check is necessary: if a response calls a tool, its finish reason says so.
  callsTools: () => false,
  carriesOutput({ type, text, textDelta, delta }) {
    if (withoutOutput.has(type)) return false;
    const output = text ?? textDelta ?? delta;
    return output === undefined || isFilled(output);
  },
  isLast: ({ type }) => type === 'finish',
  timings: () => undefined,
  errorType: ({ type, error }) => (type === 'error' && isFilled(error) ? ModelProtocolError.name : undefined),
  thrownError: ({ type, error }) => (type === 'error' && error instanceof Error ? error : undefined),
};

/** Whether a value is a part of a stream of the AI SDK. */
export function isAiSdkPart({ type }: Fields): boolean {
  return parts.has(type);
}

/**
 * Reads the counts of a `usage` object of the AI SDK.
 *
 * Version 4 has `promptTokens`, later versions have `inputTokens`, and embeddings have `tokens`. Language models of
 * version 6 state a total and its parts.
 */
export function aiSdkUsage(usage: Fields): TokenUsage | undefined {
  const { inputTokens, outputTokens } = usage;
  const input = isFields(inputTokens) ? inputTokens : fieldsIn(usage.inputTokenDetails);
  const output = isFields(outputTokens) ? outputTokens : fieldsIn(usage.outputTokenDetails);
  return usageOf(
    totalIn(inputTokens) ?? numberIn(usage.promptTokens) ?? numberIn(usage.tokens),
    totalIn(outputTokens) ?? numberIn(usage.completionTokens),
    numberIn(input.cacheRead) ?? numberIn(input.cacheReadTokens) ?? numberIn(usage.cachedInputTokens),
    numberIn(input.cacheWrite) ?? numberIn(input.cacheWriteTokens) ?? numberIn(usage.cacheWriteTokens),
    numberIn(output.reasoning) ?? numberIn(output.reasoningTokens) ?? numberIn(usage.reasoningTokens),
  );
}

/**
 * For Anthropic, the input tokens of version 5 exclude cached tokens. The metadata contains the `usage` object of
 * Anthropic's API. This object states the cached tokens separately, so they can be added.
 */
function anthropicCounts({ inputTokens }: Fields, providerMetadata: unknown): TokenUsage | undefined {
  const { usage } = fieldsIn(fieldsIn(providerMetadata).anthropic);
  return isFields(usage) && usage.input_tokens === inputTokens ? anthropicUsage(usage) : undefined;
}

/**
 * Reads a finish reason of the AI SDK. The reason of a language model can be an object with two names: that of the SDK
 * (`unified`) and that of the provider.
 */
export function aiSdkReason(reason: unknown): FinishReason | undefined {
  return finishReasonNamed(isFields(reason) ? reason.unified : reason);
}

function totalIn(tokens: unknown): number | undefined {
  return numberIn(isFields(tokens) ? tokens.total : tokens);
}

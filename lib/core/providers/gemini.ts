import { visitChoices } from './choices.js';
import { type Fields, fieldsIn, isFields, isFilled, listOfFields, numberIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { statedErrorType } from './stated-error.js';
import { sumOf, type TokenUsage, usageOf } from './token-usage.js';

/**
 * Reads Gemini's native API: `generateContent` and the chunks of `streamGenerateContent`. The counts in chunks are
 * running totals.
 *
 * Format: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
 */
export const gemini: ResponseReader = {
  usage({ usageMetadata: usage, embeddings }) {
    if (isFields(usage)) return geminiUsage(usage);
    // For embeddings, the SDK states the token count of each vector.
    return usageOf(
      sumOf(...listOfFields(embeddings).map(({ statistics }) => numberIn(fieldsIn(statistics).tokenCount))),
      undefined,
    );
  },
  finishReason(response) {
    const [candidate] = listOfFields(response.candidates);
    if (candidate === undefined) return isFilled(fieldsIn(response.promptFeedback).blockReason) ? 'other' : undefined;
    const reason = finishReasonNamed(candidate.finishReason);
    return reason === 'stop' && gemini.callsTools(response) ? 'tool_calls' : reason;
  },
  callsTools: (response) => partsOf(response).some(({ functionCall }) => isFields(functionCall)),
  carriesOutput: (chunk) =>
    partsOf(chunk).some(
      ({ text, functionCall, inlineData, executableCode }) =>
        isFilled(text) || isFields(functionCall) || isFields(inlineData) || isFields(executableCode),
    ),
  isLast: (chunk) => gemini.finishReason(chunk) !== undefined,
  choices({ candidates }, visit) {
    visitChoices(candidates, 'finishReason', visit);
  },
  timings: () => undefined,
  errorType: statedErrorType,
};

/** Whether a value is a response of Gemini's native API, or a chunk of one. */
export function isGemini({ candidates, usageMetadata, promptFeedback, embeddings }: Fields): boolean {
  return (
    Array.isArray(candidates) ||
    isFields(usageMetadata) ||
    isFields(promptFeedback) ||
    listOfFields(embeddings).some(({ values }) => Array.isArray(values))
  );
}

/**
 * Reads the counts of a `usageMetadata` object. Gemini counts reasoning ("thoughts") and results of tools separately.
 */
export function geminiUsage(usage: Fields): TokenUsage | undefined {
  const thoughts = numberIn(usage.thoughtsTokenCount);
  return usageOf(
    sumOf(numberIn(usage.promptTokenCount), numberIn(usage.toolUsePromptTokenCount)),
    sumOf(numberIn(usage.candidatesTokenCount) ?? numberIn(usage.responseTokenCount), thoughts),
    numberIn(usage.cachedContentTokenCount),
    undefined,
    thoughts,
  );
}

function partsOf({ candidates }: Fields): readonly Fields[] {
  return listOfFields(candidates).flatMap(({ content }) => listOfFields(fieldsIn(content).parts));
}

import { visitChoices } from './choices.js';
import { type Fields, fieldsIn, isFields, isFilled, numberIn, secondsIn } from './fields.js';
import { type FinishReason, finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { failedType, statedErrorType } from './stated-error.js';
import { sumOf, type TokenUsage, usageOf } from './token-usage.js';

const millisecondsPerSecond = 1_000;

/** The fields of a message, or of a delta, that contain output of the model. */
const outputFields = [
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'tool_calls',
  'function_call',
  'audio',
] as const;

/**
 * Reads the chat, completion and embedding responses of OpenAI's API and of compatible servers.
 *
 * Format: https://platform.openai.com/docs/api-reference/chat. Groq puts a stream's counts into `x_groq`
 * (https://console.groq.com/docs/api-reference). llama.cpp's server adds `timings`, with counts and milliseconds
 * (https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md).
 */
export const openaiChat: ResponseReader = {
  usage(response) {
    const { timings } = response;
    const stated = usageIn(response);
    const counts = openaiUsage(stated) ?? embeddingUsage(stated, response);
    if (!isFields(timings)) return counts;
    const processed = llamaCppUsage(timings);
    if (counts === undefined) return processed;
    return { ...counts, cachedInputTokens: counts.cachedInputTokens ?? processed?.cachedInputTokens };
  },
  finishReason(response) {
    const reason = firstReason(response.choices);
    return reason === 'stop' && openaiChat.callsTools(response) ? 'tool_calls' : reason;
  },
  callsTools({ choices }) {
    if (!Array.isArray(choices)) return false;
    for (const choice of choices) {
      if (!isFields(choice)) continue;
      const message = messageOf(choice);
      if (isFilled(message.tool_calls) || isFilled(message.function_call)) return true;
    }
    return false;
  },
  carriesOutput: ({ choices }) => Array.isArray(choices) && choices.some(hasOutput),
  isLast: ({ choices }) => firstReason(choices) !== undefined,
  choices({ choices }, visit) {
    visitChoices(choices, 'finish_reason', visit);
  },
  timings(response) {
    const outputSeconds =
      secondsIn(fieldsIn(response.timings).predicted_ms, millisecondsPerSecond) ??
      secondsIn(usageIn(response).completion_time, 1);
    return outputSeconds === undefined ? undefined : { outputSeconds };
  },
  errorType(response) {
    const stated = statedErrorType(response);
    // If the response has both an error object and a failed choice, the failed choice determines the type, because it
    // shows that the server itself ended the response.
    return stated === undefined ? undefined : (failedType(firstReason(response.choices)) ?? stated);
  },
};

/** Whether a value is a response of OpenAI's chat, completion or embedding API, or a chunk of one. */
export function isOpenAIChat(value: Fields): boolean {
  return Array.isArray(value.choices) || isEmbeddingList(value) || isFields(value.x_groq);
}

/** The fields that an error response may have. */
const errorResponseFields: ReadonlySet<string> = new Set([
  ...['error', 'message', 'object', 'code', 'type', 'param', 'status', 'id', 'user_id', 'request_id'],
]);

/** Whether a value is an error object of OpenAI's API without any response. */
export function isOpenAIError(value: Fields): boolean {
  const { error } = value;
  if (!isFields(error) || error instanceof Error || typeof error.message !== 'string') return false;
  return Object.keys(value).every((key) => errorResponseFields.has(key));
}

/**
 * Reads the counts of a `usage` object of OpenAI's API.
 *
 * DeepSeek's name for cached tokens is `prompt_cache_hit_tokens`. OpenRouter adds `cache_write_tokens`.
 */
export function openaiUsage(usage: Fields): TokenUsage | undefined {
  const { prompt_tokens_details: inputDetails, completion_tokens_details: outputDetails } = usage;
  const input = fieldsIn(inputDetails);
  return usageOf(
    numberIn(usage.prompt_tokens),
    numberIn(usage.completion_tokens),
    numberIn(input.cached_tokens) ?? numberIn(usage.prompt_cache_hit_tokens) ?? numberIn(usage.cached_tokens),
    numberIn(input.cache_write_tokens),
    numberIn(fieldsIn(outputDetails).reasoning_tokens) ?? numberIn(usage.reasoning_tokens),
  );
}

/** Returns the usage object of a response, or the one that Groq puts into `x_groq` at the end of a stream. */
export function usageIn({ usage, x_groq: groq }: Fields): Fields {
  return isFields(usage) ? usage : fieldsIn(fieldsIn(groq).usage);
}

/** Whether a value is a list of embeddings. If it was read from a body, its vectors (`data`) were not kept. */
function isEmbeddingList({ object, data, usage }: Fields): boolean {
  return object === 'list' && (Array.isArray(data) || isFields(usage));
}

/** Voyage AI and others state only the total tokens of an embedding, which are its input tokens. */
function embeddingUsage({ total_tokens: total }: Fields, response: Fields): TokenUsage | undefined {
  const isEmbedding = Array.isArray(response.data) || isEmbeddingList(response);
  return isEmbedding ? usageOf(numberIn(total), undefined) : undefined;
}

/**
 * Reads llama.cpp's counts: `prompt_n` is the number of processed tokens, `cache_n` the number of tokens from the
 * cache.
 */
function llamaCppUsage(timings: Fields): TokenUsage | undefined {
  const { prompt_n: processed, cache_n: cached, predicted_n: output } = timings;
  return usageOf(sumOf(numberIn(processed), numberIn(cached)), numberIn(output), numberIn(cached));
}

function firstReason(choices: unknown): FinishReason | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) {
    const reason = isFields(choice) ? finishReasonNamed(choice.finish_reason) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function hasOutput(choice: unknown): boolean {
  if (!isFields(choice)) return false;
  if (isFilled(choice.text)) return true;
  const message = messageOf(choice);
  for (const field of outputFields) if (isFilled(message[field])) return true;
  return false;
}

function messageOf({ delta, message }: Fields): Fields {
  return fieldsIn(delta ?? message);
}

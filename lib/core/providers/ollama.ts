import { type Fields, fieldsIn, isFields, isFilled, numberIn, secondsIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { statedErrorType } from './stated-error.js';
import { type TokenUsage, usageOf } from './token-usage.js';

const nanosecondsPerSecond = 1e9;

/**
 * Reads Ollama's native API: chats, completions and embeddings.
 *
 * Only the last chunk has counts and durations. Ollama omits counts of zero. A missing count is read as unknown.
 *
 * Format: https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama: ResponseReader = {
  usage: ollamaUsage,
  finishReason(response) {
    if (response.done === false) return undefined;
    const reason = finishReasonNamed(response.done_reason);
    return reason === 'stop' && ollama.callsTools(response) ? 'tool_calls' : reason;
  },
  callsTools: (response) => isFilled(fieldsIn(response.message).tool_calls),
  carriesOutput(chunk) {
    const message = isFields(chunk.message) ? chunk.message : chunk;
    return (
      isFilled(chunk.response) ||
      isFilled(message.content) ||
      isFilled(message.thinking) ||
      isFilled(message.tool_calls)
    );
  },
  isLast: ({ done }) => done === true,
  timings({ load_duration: load, eval_duration: output }) {
    const reportedLoadSeconds = secondsIn(load, nanosecondsPerSecond);
    const outputSeconds = secondsIn(output, nanosecondsPerSecond);
    if (reportedLoadSeconds === undefined && outputSeconds === undefined) return undefined;
    return { reportedLoadSeconds, outputSeconds };
  },
  errorType: statedErrorType,
};

/** Whether a value is a response of Ollama's native API, or a chunk of one. */
export function isOllama(value: Fields): boolean {
  return (
    typeof value.done === 'boolean' ||
    typeof value.prompt_eval_count === 'number' ||
    typeof value.eval_count === 'number' ||
    typeof value.load_duration === 'number'
  );
}

/** Reads the counts of an Ollama response. */
export function ollamaUsage(response: Fields): TokenUsage | undefined {
  return usageOf(numberIn(response.prompt_eval_count), numberIn(response.eval_count));
}

import type { ModelTimings, TokenUsage } from '../model-client.js';

const nanoseconds = 1e9;

/** The shortest real load, in nanoseconds. Ollama reports about 30 ms for a model that is already in memory. */
const shortestLoad = 0.1 * nanoseconds;

/** The counts of an answer, and its durations in nanoseconds. Ollama omits each one that is zero. */
export interface OllamaCounts {
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
  readonly load_duration?: unknown;
  readonly prompt_eval_duration?: unknown;
  readonly eval_duration?: unknown;
}

/** Returns the token counts of an answer. A missing count is left undefined: it may be zero, or not reported. */
export function usageIn(counts: OllamaCounts): TokenUsage {
  const inputTokens = amount(counts.prompt_eval_count);
  const outputTokens = amount(counts.eval_count);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** Returns the durations that the server measured. A missing duration is left undefined. */
export function timingsIn(counts: OllamaCounts): ModelTimings {
  const load = amount(counts.load_duration);
  const prompt = amount(counts.prompt_eval_duration);
  const output = amount(counts.eval_duration);
  return {
    ...(load === undefined ? {} : { reportedLoadSeconds: load / nanoseconds }),
    ...(load === undefined || load < shortestLoad ? {} : { loadSeconds: load / nanoseconds }),
    ...(prompt === undefined ? {} : { promptSeconds: prompt / nanoseconds }),
    ...(output === undefined ? {} : { outputSeconds: output / nanoseconds }),
  };
}

/** Returns a count or a duration, or undefined if it is invalid. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

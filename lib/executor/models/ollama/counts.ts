import type { ModelTimings, TokenUsage } from '../model-client.js';

const nanoseconds = 1e9;

/** In nanoseconds. Ollama reports about 30 ms as the load duration of a model that is in memory. */
const shortestLoad = 0.1 * nanoseconds;

/** The counts and durations of an answer as the wire has them, in nanoseconds; each is left out when zero. */
export interface OllamaCounts {
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
  readonly load_duration?: unknown;
  readonly prompt_eval_duration?: unknown;
  readonly eval_duration?: unknown;
}

/** The tokens of an answer; absent means unknown. */
export function usageIn(counts: OllamaCounts): TokenUsage {
  const inputTokens = amount(counts.prompt_eval_count);
  const outputTokens = amount(counts.eval_count);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** What the server measured of an answer; absent means unknown. */
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

/** A count or a duration as the wire has it; what is none is taken for absent. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

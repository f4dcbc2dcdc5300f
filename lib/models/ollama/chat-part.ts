import type { ChatResponse } from 'ollama';
import type { FinishReason, ModelChunk, ModelTimings, TokenUsage } from '../model-client.js';

const nanoseconds = 1e9;

/**
 * Reads one part of an answer off the wire.
 *
 * The last part carries counts, and durations in nanoseconds, each left out when zero: absent means unknown.
 * Format: https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export function chatPart(part: Partial<ChatResponse>): ModelChunk {
  const content: unknown = part.message?.content;
  const text = typeof content === 'string' ? content : '';
  if (!part.done) return { text };
  return { text, finishReason: finishReason(part.done_reason), usage: usage(part), timings: timings(part) };
}

function finishReason(stated: string | undefined): FinishReason {
  return stated === 'stop' || stated === 'length' ? stated : 'other';
}

function usage({ prompt_eval_count: inputTokens, eval_count: outputTokens }: Partial<ChatResponse>): TokenUsage {
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

function timings({ load_duration, prompt_eval_duration, eval_duration }: Partial<ChatResponse>): ModelTimings {
  return {
    ...(load_duration === undefined ? {} : { loadSeconds: load_duration / nanoseconds }),
    ...(prompt_eval_duration === undefined ? {} : { promptSeconds: prompt_eval_duration / nanoseconds }),
    ...(eval_duration === undefined ? {} : { outputSeconds: eval_duration / nanoseconds }),
  };
}

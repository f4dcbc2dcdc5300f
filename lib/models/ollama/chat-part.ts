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

function usage(part: Partial<ChatResponse>): TokenUsage {
  const inputTokens = amount(part.prompt_eval_count);
  const outputTokens = amount(part.eval_count);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

function timings(part: Partial<ChatResponse>): ModelTimings {
  const load = amount(part.load_duration);
  const prompt = amount(part.prompt_eval_duration);
  const output = amount(part.eval_duration);
  return {
    ...(load === undefined ? {} : { loadSeconds: load / nanoseconds }),
    ...(prompt === undefined ? {} : { promptSeconds: prompt / nanoseconds }),
    ...(output === undefined ? {} : { outputSeconds: output / nanoseconds }),
  };
}

/** A count or a duration as the wire has it; what is none is taken for absent. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

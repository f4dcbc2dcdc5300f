import type { ChatResponse } from 'ollama';
import type { FinishReason, ModelChunk } from '../model-client.js';
import { timingsIn, usageIn } from './counts.js';

/**
 * Parses one part of a streamed answer. The last part contains the counts and durations.
 *
 * Format: https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export function chatPart(part: Partial<ChatResponse>): ModelChunk {
  const content: unknown = part.message?.content;
  const text = typeof content === 'string' ? content : '';
  if (!part.done) return { text };
  return { text, finishReason: finishReason(part.done_reason), usage: usageIn(part), timings: timingsIn(part) };
}

function finishReason(stated: string | undefined): FinishReason {
  return stated === 'stop' || stated === 'length' ? stated : 'other';
}

import { isFields, isLazyResult } from './usage.js';

/** Why a request ended; the closed set of the `finish_reason` label. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'error' | 'cancelled' | 'timeout' | 'other';

/** What providers call each reason: OpenAI, the Responses API, Anthropic, Ollama, the AI SDK and LangChain. */
const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['completed', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool-calls', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['error', 'error'],
  ['failed', 'error'],
  ['cancelled', 'cancelled'],
  ['timeout', 'timeout'],
]);

/** Reads why a result, or a chunk of a stream, ended; undefined when it does not say. */
export function finishReasonOf(result: unknown): FinishReason | undefined {
  if (!isFields(result) || isLazyResult(result)) return undefined;
  const reason = statedReason(result);
  return typeof reason === 'string' ? (REASONS.get(reason) ?? 'other') : undefined;
}

function statedReason(result: Readonly<Record<string, unknown>>): unknown {
  const own = result.finishReason ?? result.done_reason ?? result.stop_reason;
  // The AI SDK's models tell the reason in its own words and in their provider's.
  if (own !== undefined && own !== null) return isFields(own) ? own.unified : own;
  const { choices, delta, response_metadata: metadata } = result;
  if (Array.isArray(choices)) return choices[0]?.finish_reason;
  if (isFields(delta)) return delta.stop_reason;
  if (isFields(metadata)) return metadata.finish_reason ?? metadata.stop_reason ?? metadata.done_reason;
  return responsesApiReason(isFields(result.response) ? result.response : result);
}

function responsesApiReason({ object, status, incomplete_details: incomplete }: Readonly<Record<string, unknown>>) {
  if (object !== 'response' || status === 'in_progress') return undefined;
  return isFields(incomplete) ? incomplete.reason : status;
}

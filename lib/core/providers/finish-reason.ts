/** Why a request ended; the closed set of the `finish_reason` label. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'error' | 'cancelled' | 'timeout' | 'other';

/** The providers' words for each reason, in lower case and with underscores. */
const words: Readonly<Record<Exclude<FinishReason, 'other'>, readonly string[]>> = {
  stop: ['stop', 'stop_sequence', 'stop_sequences', 'end_turn', 'completed', 'complete', 'eos', 'eos_token', 'finish'],
  length: [
    'length',
    'max_tokens',
    'max_output_tokens',
    'max_length',
    'model_length',
    'token_limit',
    'model_context_window_exceeded',
  ],
  tool_calls: ['tool_calls', 'tool_call', 'tool_use', 'function_call', 'function_calls'],
  error: ['error', 'failed'],
  cancelled: ['cancelled', 'canceled', 'abort', 'aborted'],
  timeout: ['timeout'],
};

const reasons: ReadonlyMap<string, FinishReason> = new Map(
  Object.entries(words).flatMap(([reason, names]) => names.map((name) => [name, reason as FinishReason] as const)),
);

/** Words of servers that send a reason with each chunk, for "not finished yet". */
const unfinished: ReadonlySet<string> = new Set(['', 'null', 'none', 'in_progress', 'queued']);

/**
 * The label of a provider's word for a finish reason, in any case and with `-` or `_`.
 *
 * Undefined if the value is no text, or is a word for "not finished yet": an empty text, or the text `null`, which
 * KoboldCpp and others send with each chunk. Unknown words are `other`.
 */
export function finishReasonNamed(word: unknown): FinishReason | undefined {
  // The most common word needs no look-up.
  if (word === 'stop') return word;
  if (typeof word !== 'string') return undefined;
  return reasons.get(word) ?? normalized(word.toLowerCase().replaceAll('-', '_'));
}

function normalized(word: string): FinishReason | undefined {
  return reasons.get(word) ?? (unfinished.has(word) ? undefined : 'other');
}

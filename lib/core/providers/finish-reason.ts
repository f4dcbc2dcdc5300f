/** Why a request ended: the values of the label `finish_reason`. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'error' | 'cancelled' | 'timeout' | 'other';

/** The providers' names for each reason, in lower case and with underscores. */
const namesByReason: Readonly<Record<Exclude<FinishReason, 'other'>, readonly string[]>> = {
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
  Object.entries(namesByReason).flatMap(([reason, names]) =>
    names.map((name) => [name, reason as FinishReason] as const),
  ),
);

/** Values for "not finished yet", from servers that send a reason with each chunk. */
const unfinished: ReadonlySet<string> = new Set(['', 'null', 'none', 'in_progress', 'queued']);

/**
 * Returns the label for a provider's finish reason. Ignores upper and lower case, and treats `-` like `_`.
 *
 * Returns undefined if the value is not a text or means "not finished yet". For example, KoboldCpp and others send an
 * empty text or the text `null` with each chunk. Unknown reasons are `other`.
 */
export function finishReasonNamed(name: unknown): FinishReason | undefined {
  // The most common reason needs no lookup.
  if (name === 'stop') return name;
  if (typeof name !== 'string') return undefined;
  return reasons.get(name) ?? findReason(name.toLowerCase().replaceAll('-', '_'));
}

function findReason(name: string): FinishReason | undefined {
  return reasons.get(name) ?? (unfinished.has(name) ? undefined : 'other');
}

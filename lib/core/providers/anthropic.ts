import { ModelProtocolError } from '../errors/model-errors.js';
import { type Fields, fieldsIn, isFields, listOfFields, numberIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { statedErrorType } from './stated-error.js';
import { sumOf, type TokenUsage, usageOf } from './token-usage.js';

const events: ReadonlySet<unknown> = new Set([
  'ping',
  'message_start',
  'message_delta',
  'message_stop',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
]);

/** Deltas that describe earlier output instead of adding to it. */
const deltasWithoutOutput: ReadonlySet<unknown> = new Set(['signature_delta', 'citations_delta']);

/**
 * Reads Anthropic's Messages API. The first event of a stream states the input tokens. Each `message_delta` states the
 * output tokens so far.
 *
 * Format: https://docs.anthropic.com/en/api/messages-streaming
 */
export const anthropic: ResponseReader = {
  usage(event) {
    const usage = event.usage ?? fieldsIn(event.message).usage;
    return isFields(usage) ? anthropicUsage(usage) : undefined;
  },
  finishReason: ({ stop_reason: reason, delta }) =>
    finishReasonNamed(reason) ?? finishReasonNamed(fieldsIn(delta).stop_reason),
  // No check is necessary: if a response calls a tool, its finish reason says so.
  callsTools: () => false,
  carriesOutput({ type, delta, content }) {
    if (type === 'content_block_delta') return addsOutput(fieldsIn(delta));
    return type === 'message' && listOfFields(content).length > 0;
  },
  isLast: ({ type }) => type === 'message_stop',
  timings: () => undefined,
  errorType: (event) => (event.type === 'error' ? ModelProtocolError.name : statedErrorType(event)),
};

function addsOutput({ type, text, thinking, partial_json: json }: Fields): boolean {
  return !deltasWithoutOutput.has(type) && (text ?? thinking ?? json) !== '';
}

/** Whether a value is a message or a stream event of Anthropic's API. */
export function isAnthropic({ type, role }: Fields): boolean {
  return events.has(type) || (type === 'message' && role === 'assistant');
}

/**
 * Reads the counts of a `usage` object of Anthropic's API. Its `input_tokens` exclude the tokens that were read from
 * the prompt cache or written to it.
 */
export function anthropicUsage(usage: Fields): TokenUsage | undefined {
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return usageOf(
    sumOf(numberIn(usage.input_tokens), numberIn(read), numberIn(written)),
    numberIn(usage.output_tokens),
    numberIn(read),
    numberIn(written),
    numberIn(fieldsIn(usage.output_tokens_details).thinking_tokens),
  );
}

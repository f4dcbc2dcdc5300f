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

/** Blocks that begin with content of their own: a tool call has a name before its arguments arrive. */
const toolBlocks: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

/**
 * Reads Anthropic's Messages API. The first event states the input tokens, `message_delta` the output tokens so far.
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
  // A response that calls a tool says so as its finish reason.
  callsTools: () => false,
  carriesOutput({ type, delta, content_block: block, content }) {
    if (type === 'content_block_delta') return !deltasWithoutOutput.has(fieldsIn(delta).type);
    if (type === 'content_block_start') return toolBlocks.has(fieldsIn(block).type);
    return type === 'message' && listOfFields(content).length > 0;
  },
  isLast: ({ type }) => type === 'message_stop',
  timings: () => undefined,
  errorType: (event) => (event.type === 'error' ? ModelProtocolError.name : statedErrorType(event)),
};

/** Whether a value is a message or a stream event of Anthropic's API. */
export function isAnthropic({ type, role }: Fields): boolean {
  return events.has(type) || (type === 'message' && role === 'assistant');
}

/** The counts of a `usage` object of Anthropic's API, whose `input_tokens` exclude what a cache supplied or stored. */
export function anthropicUsage(usage: Fields): TokenUsage | undefined {
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return usageOf(
    sumOf(numberIn(usage.input_tokens), numberIn(read), numberIn(written)),
    numberIn(usage.output_tokens),
    numberIn(read),
    numberIn(written),
  );
}

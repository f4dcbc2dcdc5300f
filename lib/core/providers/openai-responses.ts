import { ModelProtocolError, ModelServerError } from '../errors/model-errors.js';
import { type Fields, fieldsIn, isFields, listOfFields, numberIn } from './fields.js';
import { finishReasonNamed } from './finish-reason.js';
import type { ResponseReader } from './response-reader.js';
import { statedErrorType } from './stated-error.js';
import { type TokenUsage, usageOf } from './token-usage.js';

const lastEvents: ReadonlySet<unknown> = new Set(['response.completed', 'response.failed', 'response.incomplete']);

/**
 * Reads OpenAI's Responses API. The last event of a stream contains the whole response.
 *
 * Format: https://platform.openai.com/docs/api-reference/responses
 */
export const openaiResponses: ResponseReader = {
  usage(event) {
    const { usage } = responseIn(event);
    return isFields(usage) ? responsesUsage(usage) : undefined;
  },
  finishReason(event) {
    const { object, status, incomplete_details: incomplete } = responseIn(event);
    if (object !== 'response') return undefined;
    const reason = finishReasonNamed(isFields(incomplete) ? incomplete.reason : status);
    return reason === 'stop' && openaiResponses.callsTools(event) ? 'tool_calls' : reason;
  },
  callsTools: (event) => isToolCall(event.item) || listOfFields(responseIn(event).output).some(isToolCall),
  // The last part of an event name states what happened. Only a delta contains new output.
  carriesOutput: ({ type }) => typeof type === 'string' && type.endsWith('.delta'),
  isLast: ({ type }) => lastEvents.has(type),
  timings: () => undefined,
  errorType(event) {
    const { object, status } = responseIn(event);
    if (object === 'response' && status === 'failed') return ModelServerError.name;
    return event.type === 'error' ? ModelProtocolError.name : statedErrorType(event);
  },
};

/** Whether a value is a response or a stream event of the Responses API. */
export function isOpenAIResponses({ type, object }: Fields): boolean {
  return object === 'response' || (typeof type === 'string' && type.startsWith('response.'));
}

/** Reads the counts of a `usage` object of the Responses API. */
export function responsesUsage(usage: Fields): TokenUsage | undefined {
  const { input_tokens_details: input, output_tokens_details: output } = usage;
  return usageOf(
    numberIn(usage.input_tokens),
    numberIn(usage.output_tokens),
    numberIn(fieldsIn(input).cached_tokens),
    numberIn(fieldsIn(input).cache_write_tokens),
    numberIn(fieldsIn(output).reasoning_tokens),
  );
}

function responseIn(event: Fields): Fields {
  return isFields(event.response) ? event.response : event;
}

function isToolCall(item: unknown): boolean {
  return isFields(item) && (item.type === 'function_call' || item.type === 'custom_tool_call');
}

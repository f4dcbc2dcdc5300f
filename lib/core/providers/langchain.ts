import { type Fields, fieldsIn, isFields, isFilled, listOfFields, numberIn } from './fields.js';
import { type FinishReason, finishReasonNamed } from './finish-reason.js';
import { openaiUsage, usageIn } from './openai-chat.js';
import { openaiResponses } from './openai-responses.js';
import type { ResponseReader } from './response-reader.js';
import { type TokenUsage, usageOf } from './token-usage.js';

/** Blocks that have output only if they contain text. Any other block, for example a tool call, is output itself. */
const textBlocks: ReadonlySet<unknown> = new Set(['text', 'text_delta', 'thinking', 'reasoning', 'signature']);

/** The field of `response_metadata` with the finish reason, in the different integrations. */
const reasonFields = ['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason'] as const;

/** Events of `streamEvents` with a message chunk. The other events repeat the chunks, or contain no output. */
const chunkEvents: ReadonlySet<unknown> = new Set(['on_chat_model_stream', 'on_llm_stream']);

/**
 * Reads the messages, message chunks, results and events of LangChain.js. The counts of a stream's chunks must be added
 * up.
 *
 * Finish reasons have the provider's names. Format: https://reference.langchain.com/javascript/langchain-core/messages
 */
export const langchain: ResponseReader = {
  usage(response) {
    const { usage_metadata: usage, response_metadata: metadata } = messageIn(response);
    if (isFields(usage)) return langchainUsage(usage);
    // Groq's integration puts the provider's own counts of a stream into the metadata.
    return tokenUsage(response.llmOutput) ?? tokenUsage(metadata) ?? openaiUsage(usageIn(fieldsIn(metadata)));
  },
  isIncrement: (chunk) => isFields(messageIn(chunk).usage_metadata),
  finishReason(response) {
    const { response_metadata: metadata, additional_kwargs: extra } = messageIn(response);
    const reason =
      reasonIn(fieldsIn(metadata)) ??
      reasonIn(fieldsIn(extra)) ??
      reasonIn(fieldsIn(generationIn(response).generationInfo));
    return reason === 'stop' && hasToolCalls(response) ? 'tool_calls' : reason;
  },
  // The events can come from several requests. Calls in an earlier request don't change the reason of the last one.
  callsTools: (response) => !isEvent(response) && hasToolCalls(response),
  carriesOutput(chunk) {
    const { content, additional_kwargs: extra } = messageIn(chunk);
    const { reasoning_content: reasoning } = fieldsIn(extra);
    return hasContent(content) || isFilled(reasoning) || hasToolCalls(chunk);
  },
  // The response is complete at the end of the stream. A finish reason may come before the last text.
  isLast: () => false,
  timings: () => undefined,
  errorType: () => undefined,
};

/** Whether a value is a message, a message chunk or a result of LangChain.js. */
export function isLangchain(value: Fields): boolean {
  return (
    isFields(value.usage_metadata) ||
    isFields(value.response_metadata) ||
    Array.isArray(value.tool_call_chunks) ||
    Array.isArray(value.generations) ||
    isEvent(value)
  );
}

/** Whether a value is an event of `streamEvents`. */
function isEvent({ event, data, run_id: run }: Fields): boolean {
  return typeof event === 'string' && event.startsWith('on_') && isFields(data) && typeof run === 'string';
}

/** Reads the counts of a `usage_metadata` object. Its input includes cached tokens, read or written. */
export function langchainUsage(usage: Fields): TokenUsage | undefined {
  const input = fieldsIn(usage.input_token_details);
  return usageOf(
    numberIn(usage.input_tokens),
    numberIn(usage.output_tokens),
    numberIn(input.cache_read),
    numberIn(input.cache_creation),
    numberIn(fieldsIn(usage.output_token_details).reasoning),
  );
}

/** Reads counts in older fields. Models other than chat models have only these. */
function tokenUsage(holder: unknown): TokenUsage | undefined {
  const { tokenUsage: usage, estimatedTokenUsage: estimated } = fieldsIn(holder);
  const stated = isFields(usage) ? usage : estimated;
  return isFields(stated) ? usageOf(numberIn(stated.promptTokens), numberIn(stated.completionTokens)) : undefined;
}

function hasToolCalls(response: Fields): boolean {
  const { tool_calls: calls, tool_call_chunks: chunks } = messageIn(response);
  return isFilled(calls) || isFilled(chunks);
}

/** Whether content is a text, or a list that contains a block with output. */
function hasContent(content: unknown): boolean {
  if (!Array.isArray(content)) return isFilled(content);
  return content.some((block: unknown) => {
    if (!isFields(block)) return isFilled(block);
    const { text, thinking, reasoning, type } = block;
    return isFilled(text) || isFilled(thinking) || isFilled(reasoning) || !textBlocks.has(type);
  });
}

function reasonIn(metadata: Fields): FinishReason | undefined {
  if (metadata.object === 'response') return openaiResponses.finishReason(metadata);
  if (isFields(metadata.messageStop)) return reasonIn(metadata.messageStop);
  for (const field of reasonFields) {
    const reason = finishReasonNamed(metadata[field]);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Returns a result's first generation, the chunk in an event, or the response itself. */
function generationIn(response: Fields): Fields {
  if (isEvent(response)) return chunkEvents.has(response.event) ? fieldsIn(fieldsIn(response.data).chunk) : {};
  if (!Array.isArray(response.generations)) return response;
  const [first]: readonly unknown[] = response.generations;
  return listOfFields(first)[0] ?? fieldsIn(first);
}

function messageIn(response: Fields): Fields {
  const generation = generationIn(response);
  return isFields(generation.message) ? generation.message : generation;
}

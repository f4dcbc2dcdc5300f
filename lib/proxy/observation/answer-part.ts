import {
  carriesOutput,
  type FinishReason,
  finishReasonOf,
  isFields,
  ModelProtocolError,
  ModelServerError,
} from 'tinyllm/recording';
import type { ModelApi } from './endpoints.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What one part of an answer, or a whole one, says besides its counts. */
export interface AnswerPart {
  /** Whether a part of a streamed answer carries output of the model: text, thinking, or the call of a tool. */
  readonly hasOutput: boolean;
  readonly callsTools: boolean;
  readonly finishReason: FinishReason | undefined;
  /** Whether the answer is whole with it; counts may follow. */
  readonly isLast: boolean;
  /** Whether counts or durations may be in it. */
  readonly hasFigures: boolean;
  /** The type of the error it states. */
  readonly errorType: string | undefined;
}

const lastEvents: ReadonlySet<unknown> = new Set(['response.completed', 'response.failed', 'response.incomplete']);

/** Reads a part of a streamed answer. Formats: those that {@link endpointOf} names the sources of. */
export function streamedPart(api: ModelApi, part: Fields): AnswerPart {
  if (api === 'ollama') return ollamaPart(part);
  return api === 'openai' ? openaiPart(part) : responsesPart(part);
}

/**
 * A part, or a whole answer, as the recorder of requests understands it.
 *
 * Some APIs end an answer that calls tools with `stop`, and llama.cpp's server has `timings` of its own, in milliseconds.
 */
export function toldBy(
  fields: Fields,
  { finishReason, callsTools }: Pick<AnswerPart, 'finishReason' | 'callsTools'>,
): Fields {
  const { timings } = fields;
  const told = isFields(timings) ? { ...fields, timings: { outputSeconds: secondsIn(timings.predicted_ms) } } : fields;
  return callsTools && finishReason === 'stop' ? { ...told, finishReason: 'tool_calls' } : told;
}

function secondsIn(milliseconds: unknown): number | undefined {
  return typeof milliseconds === 'number' ? milliseconds / 1_000 : undefined;
}

function ollamaPart(part: Fields): AnswerPart {
  const isLast = part.done === true;
  const message = isFields(part.message) ? part.message : part;
  const callsTools = isFilled(message.tool_calls);
  return {
    hasOutput: typeof part.done === 'boolean' && carriesOutput(part),
    callsTools,
    finishReason: isLast ? finishReasonOf(part) : undefined,
    isLast,
    hasFigures: isLast,
    errorType: statedErrorType(part),
  };
}

function openaiPart(part: Fields): AnswerPart {
  const choices: readonly unknown[] = Array.isArray(part.choices) ? part.choices : [];
  const finishReason = choices.length === 0 ? undefined : finishReasonOf(part);
  const spoken = choices.filter(isFields).map(({ delta, message, text }) => delta ?? message ?? { text });
  return {
    hasOutput: choices.length > 0 && carriesOutput(part),
    callsTools: spoken.some((words) => isFields(words) && isFilled(words.tool_calls)),
    finishReason,
    isLast: finishReason !== undefined,
    hasFigures: isFields(part.usage) || isFields(part.timings),
    errorType: finishReason === 'error' ? ModelServerError.name : statedErrorType(part),
  };
}

function responsesPart(part: Fields): AnswerPart {
  const { type, item } = part;
  const response = isFields(part.response) ? part.response : part;
  const hasFailed = response.object === 'response' && response.status === 'failed';
  return {
    hasOutput: typeof type === 'string' && carriesOutput(part),
    callsTools: isToolCall(item) || (Array.isArray(response.output) && response.output.some(isToolCall)),
    finishReason: finishReasonOf(part),
    isLast: lastEvents.has(type),
    hasFigures: isFields(response.usage),
    errorType: hasFailed ? ModelServerError.name : statedErrorType(type === 'error' ? { error: true } : part),
  };
}

function isToolCall(item: unknown): boolean {
  return isFields(item) && (item.type === 'function_call' || item.type === 'custom_tool_call');
}

/** A server that states an error in place of an answer has broken off, as it has for our own clients. */
function statedErrorType({ error }: Fields): string | undefined {
  return error === true || isFilled(error) ? ModelProtocolError.name : undefined;
}

/** A text, list or object with something in it. */
function isFilled(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return isFields(value);
}

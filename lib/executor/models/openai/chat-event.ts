import { isFields, openaiChat } from 'tinyllm/recording';
import type { FinishReason, ModelTimings, TokenUsage } from '../model-client.js';

/** The contents of one event of a streamed response. */
export interface ChatEvent {
  readonly text: string;
  readonly finishReason?: FinishReason;
  readonly usage?: TokenUsage;
  readonly timings?: ModelTimings;
}

type Fields = Readonly<Record<string, unknown>>;

const millisecondsPerSecond = 1_000;

/**
 * Parses one event of a streamed response, or a whole response.
 *
 * The text is in `delta` or `message`; reasoning is omitted. The finish reason is in the last event with text or in a
 * later one. The token counts are in a separate event. Format:
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function chatEvent(event: unknown): ChatEvent {
  const fields: Fields = isFields(event) ? event : {};
  const { choices } = fields;
  const { delta, message }: Fields = Object(Array.isArray(choices) ? choices[0] : undefined);
  const { content }: Fields = Object(delta ?? message);
  const finishReason = openaiChat.finishReason(fields);
  const usage = openaiChat.usage(fields);
  return {
    text: textOf(content),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage === undefined ? {} : { usage: knownCounts(usage) }),
    ...timingsIn(fields),
  };
}

/** Returns the text of a message. The content is a string, or a list of parts, some of which contain text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isFields)
    .map(({ type, text }) => (typeof text === 'string' && (type === 'text' || type === 'output_text') ? text : ''))
    .join('');
}

function knownCounts(usage: TokenUsage): TokenUsage {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => isAmount(count)));
}

/** Returns the durations that llama.cpp's server states in `timings`, in milliseconds. */
function timingsIn(event: Fields): Pick<ChatEvent, 'timings'> {
  const { outputSeconds } = openaiChat.timings(event) ?? {};
  const { prompt_ms: prompt }: Fields = Object(event.timings);
  const promptSeconds = isAmount(prompt) ? prompt / millisecondsPerSecond : undefined;
  if (outputSeconds === undefined && promptSeconds === undefined) return {};
  return {
    timings: {
      ...(promptSeconds === undefined ? {} : { promptSeconds }),
      ...(outputSeconds === undefined ? {} : { outputSeconds }),
    },
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

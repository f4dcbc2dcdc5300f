import { defaultUsage, finishReasonOf } from 'tinyllm/recording';
import type { FinishReason, ModelTimings, TokenUsage } from '../model-client.js';

/** What one event of an answer says. */
export interface ChatEvent {
  readonly text: string;
  readonly finishReason?: FinishReason;
  readonly usage?: TokenUsage;
  readonly timings?: ModelTimings;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one event of a streamed answer, or a whole answer.
 *
 * The text is in `delta` or `message`, thinking aside. The reason comes with the last text or after it, the counts in an
 * event of their own. Format: https://platform.openai.com/docs/api-reference/chat-streaming; llama.cpp's server adds
 * `timings`, in milliseconds.
 */
export function chatEvent(event: unknown): ChatEvent {
  const { choices, timings }: Fields = Object(event);
  const { delta, message }: Fields = Object(Array.isArray(choices) ? choices[0] : undefined);
  const { content }: Fields = Object(delta ?? message);
  const finishReason = finishReasonOf({ choices: Array.isArray(choices) ? choices : [] });
  const usage = defaultUsage(event);
  return {
    text: typeof content === 'string' ? content : '',
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage === undefined ? {} : { usage: counted(usage) }),
    ...(typeof timings === 'object' && timings !== null ? { timings: stated(timings as Fields) } : {}),
  };
}

function counted({ inputTokens, outputTokens }: TokenUsage): TokenUsage {
  return {
    ...(isAmount(inputTokens) ? { inputTokens } : {}),
    ...(isAmount(outputTokens) ? { outputTokens } : {}),
  };
}

function stated({ prompt_ms: prompt, predicted_ms: output }: Fields): ModelTimings {
  return {
    ...(isAmount(prompt) ? { promptSeconds: prompt / 1000 } : {}),
    ...(isAmount(output) ? { outputSeconds: output / 1000 } : {}),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

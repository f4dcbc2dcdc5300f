import type { ModelChunk, ModelResponse } from './model-client.js';
import { OutputClock } from './output-clock.js';

/**
 * Makes a whole answer of its pieces.
 *
 * Its timings say when the first piece came, and how long the tokens took in coming unless the provider says so itself.
 * Throws what the pieces throw.
 */
export async function collectAnswer(chunks: AsyncIterable<ModelChunk>, model: string): Promise<ModelResponse> {
  const clock = new OutputClock();
  let text = '';
  let last: ModelChunk = { text };
  for await (const chunk of chunks) {
    text += chunk.text;
    last = chunk;
    if (chunk.text !== '') clock.piece();
  }
  const { finishReason = 'other', usage = {}, timings = {} } = last;
  const outputSeconds = timings.outputSeconds ?? clock.seconds(usage.outputTokens);
  const { firstTokenSeconds } = clock;
  return {
    text,
    model,
    finishReason,
    usage,
    timings: {
      ...timings,
      ...(outputSeconds === undefined ? {} : { outputSeconds }),
      ...(firstTokenSeconds === undefined ? {} : { firstTokenSeconds }),
    },
  };
}

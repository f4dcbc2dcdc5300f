import type { ModelChunk, ModelResponse } from './model-client.js';
import { OutputClock } from './output-clock.js';

/**
 * Collects the pieces of a stream into a whole answer. Throws the errors of the stream.
 *
 * Its timings include the time to the first piece. If the provider does not report the time to generate the output,
 * this function measures it.
 */
export async function collectAnswer(chunks: AsyncIterable<ModelChunk>, model: string): Promise<ModelResponse> {
  const clock = new OutputClock();
  let text = '';
  let last: ModelChunk = { text };
  for await (const chunk of chunks) {
    text += chunk.text;
    last = chunk;
    if (chunk.text !== '') clock.recordPiece();
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

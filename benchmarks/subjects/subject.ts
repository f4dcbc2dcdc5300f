/** The argument of a call, from which labels can be computed. */
export interface CallContext {
  readonly graph: string;
}

/** One kind of instrumentation under measurement. */
export interface Subject {
  readonly name: string;
  /** Makes one call. A stream is read to its end. */
  call(prompt: string, context: CallContext): Promise<unknown>;
}

/** The result of the measured methods. */
export const ANSWER = 'An answer';

/** A result with token counts in the format of OpenAI's API. */
export const ANSWER_WITH_USAGE = {
  text: ANSWER,
  usage: { prompt_tokens: 12, completion_tokens: 34 },
  choices: [{ finish_reason: 'stop' }],
};

/** The number of chunks in a stream. */
export const CHUNKS = 100;

/** Bucket bounds of each measured histogram, in seconds. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Reads a stream to its end. */
export async function readAll(stream: AsyncIterable<unknown>): Promise<number> {
  let chunks = 0;
  for await (const _chunk of stream) chunks++;
  return chunks;
}

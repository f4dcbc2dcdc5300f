/** What a call is given: the labels of a metric may come from it. */
export interface CallContext {
  readonly graph: string;
}

/** One way to measure a method, as the benchmark calls it. */
export interface Subject {
  readonly name: string;
  /** Makes one call; for a stream, reads it to its end. */
  call(prompt: string, context: CallContext): Promise<unknown>;
}

/** What the methods under measurement answer. */
export const ANSWER = 'An answer';

/** An answer that tells its tokens the way OpenAI's API does. */
export const ANSWER_WITH_USAGE = {
  text: ANSWER,
  usage: { prompt_tokens: 12, completion_tokens: 34 },
  choices: [{ finish_reason: 'stop' }],
};

/** How many chunks a stream gives. */
export const CHUNKS = 100;

/** Bucket bounds of every histogram under measurement, in seconds. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Reads a stream to its end. */
export async function readAll(stream: AsyncIterable<unknown>): Promise<number> {
  let chunks = 0;
  for await (const _chunk of stream) chunks++;
  return chunks;
}

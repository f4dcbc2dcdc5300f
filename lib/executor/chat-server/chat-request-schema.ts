import { z } from 'zod';

const positive = 'expected a whole number of 1 or more';

/** Text, or parts of text; pictures and sounds are not for graphs. */
const contentSchema = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1)], {
  error: 'expected a text, or a list of parts { type: "text", text }',
});

const messageSchema = z.object({
  // `developer` is what OpenAI's newer models call `system`.
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: contentSchema,
});

const limitSchema = z.int({ error: positive }).min(1, { error: positive }).nullish();

/**
 * The part of a chat completion's request that is read; what else there is, is left alone.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export const chatRequestSchema = z.object(
  {
    model: z.string({ error: 'expected the name of a model' }),
    messages: z.array(messageSchema, { error: 'expected a list of messages' }).min(1, { error: 'expected a message' }),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: limitSchema,
    max_completion_tokens: limitSchema,
    temperature: z
      .number({ error: 'expected a number from 0 to 2' })
      .min(0, { error: 'expected a number from 0 to 2' })
      .max(2, { error: 'expected a number from 0 to 2' })
      .nullish(),
  },
  { error: 'expected a JSON object' },
);

/** What a client would take for done if it were left alone, though no graph does it; `isAsked` says whether it is. */
export const notDone: Readonly<
  Record<string, { readonly isAsked: (value: unknown) => boolean; readonly why: string }>
> = {
  n: { isAsked: (value) => value !== 1, why: 'a graph gives one answer; expected 1' },
  stop: { isAsked: isFilled, why: 'a graph does not end its answer at given words; leave it out' },
  tools: { isAsked: isFilled, why: 'a graph has its own tools and calls none of the client; leave it out' },
  functions: { isAsked: isFilled, why: 'a graph has its own tools and calls none of the client; leave it out' },
  logprobs: { isAsked: (value) => value !== false, why: 'a graph tells no probabilities; leave it out' },
  audio: { isAsked: isFilled, why: 'a graph answers with text; leave it out' },
  modalities: { isAsked: (value) => String(value) !== 'text', why: 'a graph answers with text; expected ["text"]' },
  response_format: {
    isAsked: (value) => Object(value).type !== 'text',
    why: 'the shape of an answer is the graph\'s own; expected { type: "text" }',
  },
};

function isFilled(value: unknown): boolean {
  return !Array.isArray(value) || value.length > 0;
}

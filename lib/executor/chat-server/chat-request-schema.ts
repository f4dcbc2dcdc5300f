import { z } from 'zod';

const positive = 'expected a whole number of 1 or more';

/** Text, or a list of text parts. Graphs accept no images or audio. */
const contentSchema = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1)], {
  error: 'expected a string, or a list of parts { type: "text", text }',
});

const messageSchema = z.object({
  // OpenAI's newer models use `developer` instead of `system`.
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: contentSchema,
});

const maxTokensSchema = z.int({ error: positive }).min(1, { error: positive }).nullish();

/**
 * The parameters of a chat completion request that the server reads. Other parameters are ignored.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export const chatRequestSchema = z.object(
  {
    model: z.string({ error: 'expected the name of a model' }),
    messages: z.array(messageSchema, { error: 'expected a list of messages' }).min(1, { error: 'expected a message' }),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: maxTokensSchema,
    max_completion_tokens: maxTokensSchema,
    temperature: z
      .number({ error: 'expected a number from 0 to 2' })
      .min(0, { error: 'expected a number from 0 to 2' })
      .max(2, { error: 'expected a number from 0 to 2' })
      .nullish(),
  },
  { error: 'expected a JSON object' },
);

/**
 * Parameters that graphs do not support. A request that uses one is rejected, because ignoring it would mislead the
 * client.
 */
export const unsupportedParameters: Readonly<
  Record<string, { readonly isRequested: (value: unknown) => boolean; readonly why: string }>
> = {
  n: { isRequested: (value) => value !== 1, why: 'a graph returns one answer; expected 1' },
  stop: { isRequested: isFilled, why: 'a graph does not support stop sequences; remove this parameter' },
  tools: {
    isRequested: isFilled,
    why: 'a graph has its own tools and does not call tools of the client; remove this parameter',
  },
  functions: {
    isRequested: isFilled,
    why: 'a graph has its own tools and does not call tools of the client; remove this parameter',
  },
  logprobs: { isRequested: (value) => value !== false, why: 'a graph returns no probabilities; remove this parameter' },
  audio: { isRequested: isFilled, why: 'a graph returns only text; remove this parameter' },
  modalities: { isRequested: (value) => String(value) !== 'text', why: 'a graph returns only text; expected ["text"]' },
  response_format: {
    isRequested: (value) => Object(value).type !== 'text',
    why: 'a graph does not support response formats; expected { type: "text" }',
  },
};

function isFilled(value: unknown): boolean {
  return !Array.isArray(value) || value.length > 0;
}

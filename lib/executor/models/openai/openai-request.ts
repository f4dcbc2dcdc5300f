import type { OpenAI } from 'openai';
import type { ModelRequest } from '../model-client.js';

/** A streamed request, in OpenAI's terms. */
export type OpenAIRequest = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** What is asked of a model, in OpenAI's terms. */
export function openaiRequest(
  { prompt, system, history = [], maxTokens, temperature, format }: ModelRequest,
  model: string,
): OpenAIRequest {
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...history.map(({ role, content }) => ({ role, content })),
      { role: 'user', content: prompt },
    ],
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(format === undefined ? {} : { response_format: { type: 'json_object' } }),
  };
}

/** What a server refuses that others take, and what to ask of it instead. */
interface Concession {
  /** What the server's refusal speaks of. */
  readonly refusal: RegExp;
  readonly concerns: (request: OpenAIRequest) => boolean;
  readonly change: (request: OpenAIRequest) => OpenAIRequest;
}

const concessions: readonly Concession[] = [
  {
    // Older servers do not know the option, and strict ones refuse what they do not know; the usage then stays unknown.
    refusal: /stream_options|include_usage/,
    concerns: ({ stream_options }) => stream_options !== undefined,
    change: ({ stream_options: _, ...request }) => request,
  },
  {
    // OpenAI's own reasoning models take the newer name only; many other servers know the older name only.
    refusal: /max_completion_tokens/,
    concerns: ({ max_tokens }) => max_tokens !== undefined,
    change: ({ max_tokens = null, ...request }) => ({ ...request, max_completion_tokens: max_tokens }),
  },
  {
    // LM Studio wants a schema.
    refusal: /response_format/,
    concerns: ({ response_format: format }) => format?.type === 'json_object',
    change: (request) => ({
      ...request,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    }),
  },
];

/** What one server is known to refuse, learnt from its refusals. */
export class Concessions {
  readonly #made = new Set<Concession>();

  /** The request as the server takes it, as far as is known. */
  apply(request: OpenAIRequest): OpenAIRequest {
    return [...this.#made].reduce((asked, made) => (made.concerns(asked) ? made.change(asked) : asked), request);
  }

  /** Whether to ask again, in other words, for a request that was refused with this message. */
  learn(refusal: string, request: OpenAIRequest): boolean {
    const concession = concessions.find((one) => one.refusal.test(refusal) && one.concerns(request));
    if (concession === undefined) return false;
    this.#made.add(concession);
    return true;
  }
}

import type { OpenAI } from 'openai';
import type { ModelRequest } from '../model-client.js';

/** A streamed request in OpenAI's format. */
export type OpenAIRequest = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** Converts a request to OpenAI's format. */
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

/** A part of a request that some servers reject, and its replacement. */
interface Adaptation {
  /** Matches the error message of the server. */
  readonly errorPattern: RegExp;
  readonly appliesTo: (request: OpenAIRequest) => boolean;
  readonly change: (request: OpenAIRequest) => OpenAIRequest;
}

const adaptations: readonly Adaptation[] = [
  {
    // Strict older servers reject this unknown option. The usage is then unknown.
    errorPattern: /stream_options|include_usage/,
    appliesTo: ({ stream_options }) => stream_options !== undefined,
    change: ({ stream_options: _, ...request }) => request,
  },
  {
    // OpenAI's reasoning models accept only the newer name. Many other servers accept only the older name.
    errorPattern: /max_completion_tokens/,
    appliesTo: ({ max_tokens }) => max_tokens !== undefined,
    change: ({ max_tokens = null, ...request }) => ({ ...request, max_completion_tokens: max_tokens }),
  },
  {
    // LM Studio requires a schema.
    errorPattern: /response_format/,
    appliesTo: ({ response_format: format }) => format?.type === 'json_object',
    change: (request) => ({
      ...request,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    }),
  },
];

/** The adaptations that one server needs, learnt from its error responses. */
export class RequestAdaptations {
  readonly #learnt = new Set<Adaptation>();

  /** Applies all learnt adaptations to a request. */
  apply(request: OpenAIRequest): OpenAIRequest {
    return [...this.#learnt].reduce(
      (adapted, { appliesTo, change }) => (appliesTo(adapted) ? change(adapted) : adapted),
      request,
    );
  }

  /** Learns from the error message for a rejected request. Returns whether to send the request again, adapted. */
  learn(errorMessage: string, request: OpenAIRequest): boolean {
    const adaptation = adaptations.find((one) => one.errorPattern.test(errorMessage) && one.appliesTo(request));
    if (adaptation === undefined) return false;
    this.#learnt.add(adaptation);
    return true;
  }
}

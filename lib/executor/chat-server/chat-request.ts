import type { z } from 'zod';
import type { AnswerSettings } from '../graph/node.js';
import type { ChatMessage } from '../models/model-client.js';
import { chatRequestSchema, unsupportedParameters } from './chat-request-schema.js';
import { type ErrorResponse, errorResponse } from './error-response.js';

/** A validated chat completion request. */
export interface ChatRequest {
  /** The graph's name. */
  readonly model: string;
  /** The latest user message. */
  readonly question: string;
  /** All other messages, oldest first. */
  readonly history: readonly ChatMessage[];
  readonly answer: AnswerSettings;
  readonly stream: boolean;
  /** Whether the last event of a stream contains the token usage. */
  readonly includeUsage: boolean;
}

/** A valid request, or the error response for an invalid one. */
export type ReadChatRequest = { readonly request: ChatRequest } | { readonly rejection: ErrorResponse };

/**
 * Validates the JSON body of a chat completion request.
 *
 * The latest user message becomes the question, and all other messages become the history. `max_tokens`,
 * `max_completion_tokens` and `temperature` are used. Unknown parameters and other sampling parameters, such as `top_p`,
 * are ignored. Unsupported parameters are rejected; `error.param` of the response names the parameter.
 */
export function readChatRequest(body: unknown): ReadChatRequest {
  const parsed = chatRequestSchema.safeParse(body);
  if (!parsed.success) return { rejection: issueResponse(parsed.error.issues[0]) };
  for (const [param, { isRequested, why }] of Object.entries(unsupportedParameters)) {
    const value = (body as Readonly<Record<string, unknown>>)[param];
    if (value !== undefined && value !== null && isRequested(value))
      return { rejection: invalidValue(`${param}: ${why}.`, param) };
  }
  const { model, messages, stream, stream_options: options, temperature, ...limits } = parsed.data;
  const turns = messages.map(toTurn);
  const questionIndex = turns.findLastIndex(({ role }) => role !== 'system');
  const question = turns[questionIndex];
  if (question?.role !== 'user') {
    return {
      rejection: invalidValue(
        "messages: the last message is not from the user; add the user's question at the end.",
        'messages',
      ),
    };
  }
  if (question.content.trim() === '') {
    const param = `messages[${questionIndex}].content`;
    return { rejection: invalidValue(`${param}: the text is empty; expected a question.`, param) };
  }
  const maxTokens = limits.max_completion_tokens ?? limits.max_tokens ?? undefined;
  return {
    request: {
      model,
      question: question.content,
      history: turns.filter((_, index) => index !== questionIndex),
      answer: {
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(typeof temperature === 'number' ? { temperature } : {}),
      },
      stream: stream === true,
      includeUsage: options?.include_usage === true,
    },
  };
}

function toTurn({ role, content }: z.infer<typeof chatRequestSchema>['messages'][number]): ChatMessage {
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : content.map(({ text }) => text).join('\n'),
  };
}

function issueResponse(issue: z.core.$ZodIssue | undefined): ErrorResponse {
  const path = issue?.path ?? [];
  const param = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const name = param.replace(/^\./, '');
  const problem = issue?.message.replace(/\.$/, '') ?? 'invalid value';
  return invalidValue(`${name === '' ? 'The body' : name}: ${problem}.`, name === '' ? undefined : name);
}

function invalidValue(message: string, param?: string): ErrorResponse {
  return errorResponse(400, { message, param, code: 'invalid_value' });
}

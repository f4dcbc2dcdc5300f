import type { z } from 'zod';
import type { AnswerSettings } from '../graph/node.js';
import type { ChatMessage } from '../models/model-client.js';
import { chatRequestSchema, notDone } from './chat-request-schema.js';
import { type Refusal, refusal } from './refusal.js';

/** What a client asks of a graph. */
export interface ChatRequest {
  /** The graph's name. */
  readonly model: string;
  /** The user's latest words. */
  readonly question: string;
  /** All other messages, oldest first. */
  readonly history: readonly ChatMessage[];
  readonly answer: AnswerSettings;
  readonly stream: boolean;
  /** Whether a stream ends with its usage. */
  readonly includeUsage: boolean;
}

/** What was read, or why it is refused. */
export type ReadChatRequest = { readonly request: ChatRequest } | { readonly refusal: Refusal };

/**
 * Reads the JSON value of a chat completion's request.
 *
 * The latest user message is the question and all others are the history, so that none is lost. `max_tokens`,
 * `max_completion_tokens` and `temperature` are honoured; what steers only how an answer is sampled, and what graphs have
 * no part in, is ignored; what a client would take for done is refused with its `param`.
 */
export function readChatRequest(body: unknown): ReadChatRequest {
  const parsed = chatRequestSchema.safeParse(body);
  if (!parsed.success) return { refusal: fromIssue(parsed.error.issues[0]) };
  for (const [param, { isAsked, why }] of Object.entries(notDone)) {
    const value = (body as Readonly<Record<string, unknown>>)[param];
    if (value !== undefined && value !== null && isAsked(value)) return { refusal: wrong(`${param}: ${why}.`, param) };
  }
  const { model, messages, stream, stream_options: options, temperature, ...limits } = parsed.data;
  const turns = messages.map(toTurn);
  const asks = turns.findLastIndex(({ role }) => role !== 'system');
  const question = turns[asks];
  if (question?.role !== 'user') {
    return { refusal: wrong("messages: the last one is not the user's; expected a question at the end.", 'messages') };
  }
  if (question.content.trim() === '') {
    const param = `messages[${asks}].content`;
    return { refusal: wrong(`${param}: there is no text; expected a question.`, param) };
  }
  const maxTokens = limits.max_completion_tokens ?? limits.max_tokens ?? undefined;
  return {
    request: {
      model,
      question: question.content,
      history: turns.filter((_, index) => index !== asks),
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

function fromIssue(issue: z.core.$ZodIssue | undefined): Refusal {
  const path = issue?.path ?? [];
  const param = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const name = param.replace(/^\./, '');
  const what = issue?.message.replace(/\.$/, '') ?? 'expected something else';
  return wrong(`${name === '' ? 'The body' : name}: ${what}.`, name === '' ? undefined : name);
}

function wrong(message: string, param?: string): Refusal {
  return refusal(400, { message, param, code: 'invalid_value' });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { withLabels } from 'tinyllm';
import type { ChatLog } from './chat-log.js';
import type { ChatModels } from './chat-models.js';
import { type ChatRequest, readChatRequest } from './chat-request.js';
import { CompletionChunks, type CompletionHead, completion } from './completion.js';
import { type ErrorResponse, errorResponse } from './error-response.js';
import { EventStream, type EventStreamOptions } from './event-stream.js';
import { runErrorResponse } from './run-error-response.js';
import { sendError } from './send-error.js';

/** Dependencies of the routes. */
export interface ChatRoutesOptions {
  readonly models: ChatModels;
  /** Options for streamed responses. */
  readonly streams: EventStreamOptions;
  readonly logOf: (request: FastifyRequest) => ChatLog;
  /** Returns the additional labels of the metrics of a request. */
  readonly labelsOf: (request: FastifyRequest) => Readonly<Record<string, string>>;
}

/** Adds the OpenAI routes for models and chat completions. */
export function addChatRoutes(app: FastifyInstance, options: ChatRoutesOptions): void {
  const { models, logOf, labelsOf } = options;
  const described = (id: string) => ({ id, object: 'model', created: models.created, owned_by: 'tinyllm' });
  app.get('/v1/models', () => ({ object: 'list', data: models.names.map(described) }));
  app.get<{ Params: { id: string } }>('/v1/models/:id', (request, reply) => {
    const { id } = request.params;
    return models.has(id) ? described(id) : rejectAndLog(request, reply, unknownModel(models));
  });
  app.post('/v1/chat/completions', async (request, reply) => {
    const read = readChatRequest(request.body);
    if ('rejection' in read) return rejectAndLog(request, reply, read.rejection);
    if (!models.has(read.request.model)) return rejectAndLog(request, reply, unknownModel(models));
    logOf(request).requested(read.request);
    const head = { id: `chatcmpl-${request.id}`, created: Math.floor(Date.now() / 1000), model: read.request.model };
    return read.request.stream
      ? streamAnswer(read.request, { head, request, reply })
      : completeAnswer(read.request, { head, request, reply });
  });

  function rejectAndLog(request: FastifyRequest, reply: FastifyReply, rejection: ErrorResponse): FastifyReply {
    logOf(request).rejected(rejection);
    return sendError(reply, rejection);
  }

  async function completeAnswer(chat: ChatRequest, { head, request, reply }: Exchange): Promise<object> {
    const result = await withLabels(labelsOf(request), () => models.run(chat, { signal: clientSignal(reply) }));
    logOf(request).answered(result);
    return completion(head, result);
  }

  async function streamAnswer(chat: ChatRequest, { head, request, reply }: Exchange): Promise<FastifyReply> {
    const stream = new EventStream(reply, options.streams);
    const chunks = new CompletionChunks(head, chat.includeUsage);
    let hasBegun = false;
    const begin = (): void => {
      if (!hasBegun) void stream.send(chunks.role());
      hasBegun = true;
    };
    const onText = (text: string): Promise<void> | undefined => {
      begin();
      return stream.send(chunks.text(text));
    };
    try {
      const runOptions = { signal: clientSignal(reply), onText };
      const result = await withLabels(labelsOf(request), () => models.run(chat, runOptions));
      logOf(request).answered(result);
      begin();
      for (const chunk of chunks.end(result)) await stream.send(chunk);
      stream.done();
    } catch (error) {
      stream.abandon();
      // Before the first event, the error handler sends a response with an error status.
      if (!stream.isOpen) throw error;
      const rejection = runErrorResponse(error);
      if (!reply.raw.destroyed) logOf(request).failed(error, rejection);
      stream.fail(rejection);
    }
    return reply;
  }
}

interface Exchange {
  readonly head: CompletionHead;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A signal that is aborted when the client disconnects before the response is complete. */
function clientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const abortIfIncomplete = (): void => {
    if (!raw.writableEnded) controller.abort();
  };
  if (raw.destroyed) abortIfIncomplete();
  raw.once('close', abortIfIncomplete);
  return controller.signal;
}

function unknownModel({ names }: ChatModels): ErrorResponse {
  const message = `No model has this name; expected ${names.join(', ')}.`;
  return errorResponse(404, { message, param: 'model', code: 'model_not_found' });
}

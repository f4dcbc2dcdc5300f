import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChatLog } from './chat-log.js';
import type { ChatModels } from './chat-models.js';
import { type ChatRequest, readChatRequest } from './chat-request.js';
import { CompletionChunks, type CompletionHead, completion } from './completion.js';
import { EventStream, type EventStreamOptions } from './event-stream.js';
import { type Refusal, refusal } from './refusal.js';
import { refusalOf } from './refusal-of.js';
import { refuse } from './refuse.js';

/** What the routes answer with. */
export interface ChatRoutesOptions {
  readonly models: ChatModels;
  /** How streams treat their clients. */
  readonly streams: EventStreamOptions;
  readonly logOf: (request: FastifyRequest) => ChatLog;
}

/** Adds the routes of OpenAI's API that graphs answer. */
export function addChatRoutes(app: FastifyInstance, options: ChatRoutesOptions): void {
  const { models, logOf } = options;
  const described = (id: string) => ({ id, object: 'model', created: models.created, owned_by: 'tinyllm' });
  app.get('/v1/models', () => ({ object: 'list', data: models.names.map(described) }));
  app.get<{ Params: { id: string } }>('/v1/models/:id', (request, reply) => {
    const { id } = request.params;
    return models.has(id) ? described(id) : refuseLogged(request, reply, unknownModel(models));
  });
  app.post('/v1/chat/completions', async (request, reply) => {
    const read = readChatRequest(request.body);
    if ('refusal' in read) return refuseLogged(request, reply, read.refusal);
    if (!models.has(read.request.model)) return refuseLogged(request, reply, unknownModel(models));
    logOf(request).asked(read.request);
    const head = { id: `chatcmpl-${request.id}`, created: Math.floor(Date.now() / 1000), model: read.request.model };
    return read.request.stream
      ? streamAnswer(read.request, { head, request, reply })
      : wholeAnswer(read.request, { head, request, reply });
  });

  function refuseLogged(request: FastifyRequest, reply: FastifyReply, refused: Refusal): FastifyReply {
    logOf(request).refused(refused);
    return refuse(reply, refused);
  }

  async function wholeAnswer(chat: ChatRequest, { head, request, reply }: Exchange): Promise<object> {
    const result = await models.run(chat, { signal: clientSignal(reply) });
    logOf(request).answered(result);
    return completion(head, result);
  }

  async function streamAnswer(chat: ChatRequest, { head, request, reply }: Exchange): Promise<FastifyReply> {
    const stream = new EventStream(reply, options.streams);
    const chunks = new CompletionChunks(head, chat.includeUsage);
    let isBegun = false;
    const begin = (): void => {
      if (!isBegun) void stream.send(chunks.role());
      isBegun = true;
    };
    const onText = (text: string): Promise<void> | undefined => {
      begin();
      return stream.send(chunks.text(text));
    };
    try {
      const result = await models.run(chat, { signal: clientSignal(reply), onText });
      logOf(request).answered(result);
      begin();
      for (const chunk of chunks.end(result)) await stream.send(chunk);
      stream.done();
    } catch (error) {
      stream.abandon();
      // Until then the error has a status of its own, like that of an answer that is not streamed.
      if (!stream.isOpen) throw error;
      const refused = refusalOf(error);
      if (!reply.raw.destroyed) logOf(request).failed(error, refused);
      stream.fail(refused);
    }
    return reply;
  }
}

interface Exchange {
  readonly head: CompletionHead;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Aborted when the client leaves before its answer is whole. */
function clientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const leave = (): void => {
    if (!raw.writableEnded) controller.abort();
  };
  if (raw.destroyed) leave();
  raw.once('close', leave);
  return controller.signal;
}

function unknownModel({ names }: ChatModels): Refusal {
  const message = `There is no such model; expected ${names.join(', ')}.`;
  return refusal(404, { message, param: 'model', code: 'model_not_found' });
}

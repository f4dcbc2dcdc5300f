import type { FastifyReply } from 'fastify';
import type { Refusal } from './refusal.js';

/** Answers with a refusal, in OpenAI's shape. */
export function refuse(reply: FastifyReply, { status, error, retryAfterSeconds }: Refusal): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send({ error });
}

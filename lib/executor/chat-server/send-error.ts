import type { FastifyReply } from 'fastify';
import type { ErrorResponse } from './error-response.js';

/** Sends an error response. */
export function sendError(reply: FastifyReply, { status, error, retryAfterSeconds }: ErrorResponse): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send({ error });
}

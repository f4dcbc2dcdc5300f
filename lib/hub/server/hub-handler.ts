import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import type { Route } from 'tinyllm/server';
import { HUB_HEADER } from 'tinyllm/server';
import { isPushPath } from '../pushes/grouping-key.js';
import { pushFormat } from '../pushes/push-format.js';
import { PushRefused } from '../pushes/push-refused.js';
import { readBody } from '../pushes/read-body.js';
import type { Hub } from './hub.js';

const METHODS = ['PUT', 'POST', 'DELETE'];
/** Pushes at a time, until they are stored. Each can take the memory of the hub's largest push. */
const MOST_BODIES = 64;
/** How long the rest of a refused body is taken, and thrown away. */
const DRAIN_MILLISECONDS = 5_000;

/**
 * Answers `PUT`, `POST` and `DELETE` of `/metrics/job/JOB{/LABEL/VALUE}` as a Pushgateway does.
 *
 * 200 and 202 are sent when what was pushed is counted and kept; a refusal changed nothing. After 500 it could not be
 * kept: pushing it again counts it once.
 * Source: https://github.com/prometheus/pushgateway#api
 */
export function createHubHandler(hub: Hub): Route {
  let reading = 0;

  const take = async (request: IncomingMessage, path: string): Promise<{ status: number; text: string }> => {
    refuseWebPages(request);
    if (request.method === 'DELETE') {
      await hub.delete(path);
      return { status: 202, text: '' };
    }
    if (reading >= MOST_BODIES) throw new PushRefused(503, 'too many pushes at once; try again.');
    const contentType = request.headers['content-type'];
    pushFormat(contentType);
    reading += 1;
    try {
      const text = await readBody(request, hub.maxPushBytes);
      const replaces = request.method === 'PUT' ? 'group' : 'families';
      const notes = await hub.push({ path, text, contentType, replaces });
      return { status: 200, text: notes.map((note) => `accepted, but not added: ${note}`).join('\n') };
    } finally {
      reading -= 1;
    }
  };

  return async (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const isPush = METHODS.includes(request.method ?? '');
    if (!isPushPath(path) && !(isPush && /^\/metrics\/?$/.test(path))) return false;
    response.setHeader(HUB_HEADER, '1');
    if (!isPush) {
      response.setHeader('Allow', METHODS.join(', '));
      reply(request, response, 405, `Only ${METHODS.join(', ')} are answered here; the sums are at /metrics.`);
      return true;
    }
    try {
      const { status, text } = await take(request, path);
      reply(request, response, status, text);
    } catch (error) {
      const status = error instanceof PushRefused ? error.status : 500;
      await drain(request);
      if (status === 503) response.setHeader('Retry-After', '1');
      reply(request, response, status, `push refused: ${error instanceof Error ? error.message : String(error)}`);
    }
    return true;
  };
}

function reply(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  if (response.destroyed) return;
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text && `${text}\n`);
}

/** Takes the rest of a refused body and throws it away: many clients read no answer before they have sent it. */
async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, DRAIN_MILLISECONDS);
    finished(request.resume(), () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A page in a browser could post to a hub on its reader's machine without being asked. */
function refuseWebPages({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined) throw new PushRefused(403, 'web pages may not push.');
}

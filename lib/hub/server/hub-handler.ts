import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import type { Route } from 'tinyllm/server';
import { HUB_HEADER } from 'tinyllm/server';
import { HubFileError } from '../errors/hub-errors.js';
import { BodyBudget } from '../pushes/body-budget.js';
import { isPushPath } from '../pushes/grouping-key.js';
import { pushFormat } from '../pushes/push-format.js';
import { PushRefused } from '../pushes/push-refused.js';
import { readBody } from '../pushes/read-body.js';
import type { Hub } from './hub.js';

const METHODS = ['PUT', 'POST', 'DELETE'];
/** Bytes of all pushes that are being read or stored, or those of 8 largest pushes if that is more. */
const MOST_BODY_BYTES = 64 * 1024 ** 2;
/** How long the rest of a refused body is taken, and thrown away. */
const DRAIN_MILLISECONDS = 5_000;

/**
 * Answers `PUT`, `POST` and `DELETE` of `/metrics/job/JOB{/LABEL/VALUE}` as a Pushgateway does.
 *
 * 200 and 202 are sent after the push is counted and stored. After 409, the metrics that agree are counted. After any other
 * error, nothing is. 503 and 507 are sent while nothing can be stored, and `/-/ready` returns 503 with the reason.
 * Source: https://github.com/prometheus/pushgateway#api
 */
export function createHubHandler(hub: Hub): Route {
  const budget = new BodyBudget(Math.max(MOST_BODY_BYTES, 8 * hub.maxPushBytes));

  const take = async (request: IncomingMessage, path: string): Promise<{ status: number; text: string }> => {
    refuseWebPages(request);
    if (request.method === 'DELETE') {
      await hub.delete(path);
      return { status: 202, text: '' };
    }
    const contentType = request.headers['content-type'];
    pushFormat(contentType);
    const share = budget.open();
    try {
      const text = await readBody(request, { most: hub.maxPushBytes, share });
      const replaces = request.method === 'PUT' ? 'group' : 'families';
      const notes = await hub.push({ path, text, contentType, replaces });
      return { status: 200, text: notes.join('\n') };
    } finally {
      share.release();
    }
  };

  return async (request, response) => {
    if (refuseProbe(request, response, hub.problem)) return true;
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
      const status = statusOf(error);
      await drain(request);
      if (status === 503) response.setHeader('Retry-After', '1');
      reply(request, response, status, `push refused: ${error instanceof Error ? error.message : String(error)}`);
    }
    return true;
  };
}

function statusOf(error: unknown): number {
  if (error instanceof PushRefused) return error.status;
  if (error instanceof HubFileError) return error.isFull ? 507 : 503;
  return 500;
}

/** A hub that can't store pushes isn't ready. Resolves to whether the request was answered here. */
function refuseProbe(request: IncomingMessage, response: ServerResponse, problem: HubFileError | undefined): boolean {
  const isProbe =
    (request.method === 'GET' || request.method === 'HEAD') && /^\/-\/ready(\?|$)/.test(request.url ?? '');
  if (!isProbe || problem === undefined) return false;
  response.setHeader('Retry-After', '1');
  reply(request, response, 503, `not ready: ${problem.message}`);
  return true;
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

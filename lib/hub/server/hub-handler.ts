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
/**
 * Maximum total bytes of the pushes that are being read or stored. The maximum is larger if pushes can be larger than
 * 8 MiB: it is then 8 times the maximum size of a push.
 */
const MAX_BODY_BYTES = 64 * 1024 ** 2;
/** Maximum time for reading the rest of a rejected body. */
const DRAIN_MILLISECONDS = 5_000;

/**
 * Handles `PUT`, `POST` and `DELETE` for `/metrics/job/JOB{/LABEL/VALUE}` like a Pushgateway.
 *
 * Returns 200 or 202 when the push is counted and stored. With 409, the metrics without a conflict are counted. With
 * any other error, nothing is counted. If nothing can be stored, pushes get 503 or 507, and `/-/ready` returns 503 with
 * the reason.
 * Source: https://github.com/prometheus/pushgateway#api
 */
export function createHubHandler(hub: Hub): Route {
  const budget = new BodyBudget(Math.max(MAX_BODY_BYTES, 8 * hub.maxPushBytes));

  const handle = async (request: IncomingMessage, path: string): Promise<{ status: number; text: string }> => {
    rejectWebPages(request);
    if (request.method === 'DELETE') {
      await hub.delete(path);
      return { status: 202, text: '' };
    }
    const contentType = request.headers['content-type'];
    pushFormat(contentType);
    const share = budget.open();
    try {
      const text = await readBody(request, { maxBytes: hub.maxPushBytes, share });
      const replaces = request.method === 'PUT' ? 'group' : 'families';
      const notes = await hub.push({ path, text, contentType, replaces });
      return { status: 200, text: notes.join('\n') };
    } finally {
      share.release();
    }
  };

  return async (request, response) => {
    if (answerReadinessProbe(request, response, hub.problem)) return true;
    const path = request.url?.split('?', 1)[0] ?? '';
    const isPush = METHODS.includes(request.method ?? '');
    if (!isPushPath(path) && !(isPush && /^\/metrics\/?$/.test(path))) return false;
    response.setHeader(HUB_HEADER, '1');
    if (!isPush) {
      response.setHeader('Allow', METHODS.join(', '));
      reply(request, response, 405, `This path supports only ${METHODS.join(', ')}; the sums are at /metrics.`);
      return true;
    }
    try {
      const { status, text } = await handle(request, path);
      reply(request, response, status, text);
    } catch (error) {
      const status = statusOf(error);
      await drain(request);
      if (status === 503) response.setHeader('Retry-After', '1');
      reply(request, response, status, `push rejected: ${error instanceof Error ? error.message : String(error)}`);
    }
    return true;
  };
}

function statusOf(error: unknown): number {
  if (error instanceof PushRefused) return error.status;
  if (error instanceof HubFileError) return error.isFull ? 507 : 503;
  return 500;
}

/** Answers `/-/ready` with 503 if the hub can't store pushes. Returns whether it answered the request. */
function answerReadinessProbe(
  request: IncomingMessage,
  response: ServerResponse,
  problem: HubFileError | undefined,
): boolean {
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

/** Reads and discards the rest of a rejected body, because many clients send the complete body before they read. */
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

/** Rejects requests of web pages, which could otherwise push to a hub on the user's machine. */
function rejectWebPages({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined)
    throw new PushRefused(403, 'the request has an Origin header; web pages must not push.');
}

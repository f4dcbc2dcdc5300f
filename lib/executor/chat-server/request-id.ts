import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Plain enough to stand in a header, a log and an identifier. */
const plain = /^[A-Za-z0-9_.:-]{1,128}$/;

/** A request's id: its `X-Request-Id` where that is 1 to 128 letters, digits, `_`, `.`, `:` or `-`, else a new one. */
export function requestId({ 'x-request-id': given }: IncomingHttpHeaders): string {
  return typeof given === 'string' && plain.test(given) ? given : randomUUID();
}

import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.js';

/** What comes after it on the connection may be part of it. */
const wrong = { status: 400, type: 'invalid_request_error', headers: { Connection: 'close' } } as const;

/** Why a request's target, or how it frames its body, cannot go on; undefined when it can. */
export function refusedTarget(request: IncomingMessage): Refusal | undefined {
  const { url = '', method, headers, rawHeaders, httpVersionMajor: major, httpVersionMinor: minor } = request;
  if (!url.startsWith('/') && !(url === '*' && method === 'OPTIONS')) {
    return {
      ...wrong,
      message: 'The request names a server of its own; this proxy passes on paths such as /api/chat.',
    };
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    if (major === 1 && minor === 0) return { ...wrong, message: 'HTTP/1.0 has no chunks; send Content-Length.' };
    if (coding.toLowerCase() !== 'chunked') {
      return { ...wrong, status: 501, message: 'Of transfer codings this proxy takes chunked alone.' };
    }
  }
  let hosts = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) if (rawHeaders[place]?.toLowerCase() === 'host') hosts++;
  if (hosts === 1 || (hosts === 0 && minor === 0)) return undefined;
  return { ...wrong, message: `The request has ${hosts} headers named Host; expected one.` };
}

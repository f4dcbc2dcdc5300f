import type { IncomingMessage } from 'node:http';
import type { ErrorResponse } from './error-response.js';

/**
 * The common fields of the error responses in this file. They close the connection, because the next bytes on the
 * connection may belong to the rejected request.
 */
const badRequest = { status: 400, type: 'invalid_request_error', headers: { Connection: 'close' } } as const;

/** Checks the target, body framing and `Host` of a request. Returns `undefined` if the request can be forwarded. */
export function targetError(request: IncomingMessage): ErrorResponse | undefined {
  const { url = '', method, headers, rawHeaders, httpVersionMajor: major, httpVersionMinor: minor } = request;
  if (!url.startsWith('/') && !(url === '*' && method === 'OPTIONS')) {
    return {
      ...badRequest,
      message: 'The request target contains a server; expected a path such as /api/chat.',
    };
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    if (major === 1 && minor === 0)
      return { ...badRequest, message: 'HTTP/1.0 does not support chunked bodies; send Content-Length.' };
    if (coding.toLowerCase() !== 'chunked') {
      return { ...badRequest, status: 501, message: 'The transfer coding is not supported; expected chunked.' };
    }
  }
  let hosts = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) if (rawHeaders[place]?.toLowerCase() === 'host') hosts++;
  if (hosts === 1 || (hosts === 0 && minor === 0)) return undefined;
  return { ...badRequest, message: `The request has ${hosts} Host headers; expected one.` };
}

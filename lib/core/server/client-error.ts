import type { Duplex } from 'node:stream';

/** The code for a `CONNECT` request, which Node reports with a separate event. */
export const connectRequest = 'CONNECT';

function statusLine(code: string | undefined): string {
  if (code === connectRequest) return '405 Method Not Allowed';
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
}

/**
 * Responds to invalid HTTP requests with an error status and closes the connection.
 *
 * @param isAnswering Whether a response on the connection has begun; a second one would corrupt it. Default false.
 * @returns Whether a request was rejected; false if the client only disconnected.
 */
export function answerClientError(
  { code }: NodeJS.ErrnoException | { readonly code: string },
  socket: Duplex,
  isAnswering = false,
): boolean {
  if (!socket.writable || code === 'ECONNRESET' || code === 'EPIPE') {
    socket.destroy();
    return false;
  }
  socket.once('error', () => socket.destroy());
  if (isAnswering) socket.destroy();
  else {
    const response = `HTTP/1.1 ${statusLine(code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    socket.end(response, 'latin1', () => socket.destroy());
  }
  return true;
}

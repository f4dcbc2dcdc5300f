import type { Duplex } from 'node:stream';

/** The code for a `CONNECT` request, which Node reports by an event of its own. */
export const connectRequest = 'CONNECT';

function statusLine(code: string | undefined): string {
  if (code === connectRequest) return '405 Method Not Allowed';
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
}

/**
 * Answers bytes that are not a valid HTTP request with a status and closes the connection.
 *
 * @param isAnswering Whether a response has begun on the connection, which a second one would corrupt; default false.
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
    const answer = `HTTP/1.1 ${statusLine(code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    socket.end(answer, 'latin1', () => socket.destroy());
  }
  return true;
}

import type { Duplex } from 'node:stream';

/** What a client is told whose bytes are no request a proxy passes on. */
function statusLine(code: string | undefined): string {
  if (code === 'CONNECT') return '405 Method Not Allowed';
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
}

/**
 * Answers what could not be read as a request and ends the connection, of which nothing further can be understood.
 *
 * Returns whether there was something to refuse, and not just a client that left.
 */
export function answerUnreadable(
  { code }: { readonly code?: string | undefined },
  socket: Duplex,
  { isAnswering }: { readonly isAnswering: boolean },
): boolean {
  if (!socket.writable || code === 'ECONNRESET' || code === 'EPIPE') {
    socket.destroy();
    return false;
  }
  socket.once('error', () => socket.destroy());
  // A second answer must not be written into a first one.
  if (isAnswering) socket.destroy();
  else {
    const answer = `HTTP/1.1 ${statusLine(code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    socket.end(answer, 'latin1', () => socket.destroy());
  }
  return true;
}

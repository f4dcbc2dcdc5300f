import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

/** Sends a request with exactly these headers. Does not decompress the response. */
export async function send(
  url: string,
  headers: OutgoingHttpHeaders,
): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: Buffer }> {
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return { headers: response.headers, body: Buffer.concat(pieces) };
}

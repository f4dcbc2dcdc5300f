import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Responds with one line of text. Closes the connection if the request has a body, because nothing reads that body. */
export function respondPlainly(
  response: ServerResponse,
  status: number,
  content: { readonly text: string; readonly headers?: OutgoingHttpHeaders },
): void {
  const { headers } = response.req;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const text = `${content.text}\n`;
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...(hasBody ? { Connection: 'close' } : {}),
      ...content.headers,
    })
    .end(text);
}

/** Responds with status 503. The client can retry after 1 s. */
export function respondBusy(response: ServerResponse, text: string): void {
  respondPlainly(response, 503, { text, headers: { 'Retry-After': '1' } });
}

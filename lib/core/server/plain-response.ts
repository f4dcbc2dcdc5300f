import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers with one line of text; a request whose body nobody read ends the connection, so that nobody has to. */
export function respondPlainly(
  response: ServerResponse,
  status: number,
  answer: { readonly text: string; readonly headers?: OutgoingHttpHeaders },
): void {
  const { headers } = response.req;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const text = `${answer.text}\n`;
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...(hasBody ? { Connection: 'close' } : {}),
      ...answer.headers,
    })
    .end(text);
}

/** Answers 503 to a request that can be repeated after a second. */
export function respondBusy(response: ServerResponse, text: string): void {
  respondPlainly(response, 503, { text, headers: { 'Retry-After': '1' } });
}

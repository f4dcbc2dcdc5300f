import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

// A model server that responds at once, so that the measurements show the cost of the proxies in front of it.

const content = 'word '.repeat(170);
const usage = { prompt_tokens: 200, completion_tokens: 170, total_tokens: 370 };
const head = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'bench' };
const whole = Buffer.from(
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage,
  }),
);
const event = (delta: object, finish: string | null): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
  );
const piece = event({ content: 'word ' }, null);
const last = Buffer.concat([event({}, 'stop'), Buffer.from('data: [DONE]\n\n')]);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const [, pieces] = /"max_tokens":(\d+)/.exec(body) ?? [];
    if (body.includes('"stream":true')) void stream(response, Number(pieces));
    else response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': whole.length }).end(whole);
  });
});

async function stream(response: ServerResponse, pieces: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (let left = pieces; left > 0 && !response.destroyed; left--) {
    response.write(piece);
    await nextTurn();
  }
  response.end(last);
}

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

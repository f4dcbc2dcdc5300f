import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatLines } from '../fake-ollama.js';
import type { ExchangePlan } from './exchange-plan.js';

/**
 * A fake Ollama that fails as the plan of each request specifies. The real server, which spec/e2e/ollama.spec.ts tests,
 * can't be made to fail.
 */
export class FaultyUpstream {
  readonly #onRequest: (plan: number) => void;
  #server: Server | undefined;
  #port = 0;

  /** @param onRequest Called with the number of each request that arrived completely. */
  constructor(onRequest: (plan: number) => void) {
    this.#onRequest = onRequest;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts listening. After {@link stop}, it uses the same port again. */
  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response).catch(() => {}));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes all connections and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url !== '/api/chat') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"models":[]}');
      return;
    }
    const { stream, options } = JSON.parse(body) as { stream: boolean; options: ExchangePlan & { number: number } };
    this.#onRequest(options.number);
    const counts = { prompt_eval_count: options.inputTokens, eval_count: options.outputTokens };
    const words = Array.from({ length: Math.min(5, options.outputTokens) }, (_, index) => `word${index} `);
    const whole = {
      model: 'm',
      message: { role: 'assistant', content: words.join('') },
      done: true,
      done_reason: 'stop',
    };
    const answer = stream ? chatLines(words, counts) : JSON.stringify({ ...whole, ...counts });
    const { socket } = response;
    switch (options.upstream) {
      case 'status':
        response.writeHead(500, { 'Content-Type': 'application/json' }).end('{"error":"out of memory"}');
        return;
      case 'reset-before':
        socket?.destroy();
        return;
      case 'garbage':
        socket?.end('no HTTP\r\n\r\n');
        return;
      case 'stall-before':
        return;
      default:
    }
    response.writeHead(200, { 'Content-Type': stream ? 'application/x-ndjson' : 'application/json' });
    const middle = stream ? answer.indexOf('\n') + 1 : Math.floor(answer.length / 2);
    response.write(answer.slice(0, middle));
    await sleep(2);
    if (options.upstream === 'stall-midway') return;
    if (options.upstream === 'reset-midway') socket?.destroy();
    else response.end(answer.slice(middle));
  }
}

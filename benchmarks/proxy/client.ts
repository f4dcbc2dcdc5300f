import { Agent, request } from 'node:http';

/** The times of one exchange, in milliseconds. */
export interface ExchangeTime {
  /** From the request to the first byte of the body. */
  readonly first: number;
  /** From the request to the last byte of the body. */
  readonly last: number;
}

const messages = [{ role: 'user', content: 'x'.repeat(900) }];

/** A client of one server that reuses its connections. */
export class BenchClient {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Requests a complete response of 1 KB, or a stream with the given number of chunks. */
  ask(pieces?: number): Promise<ExchangeTime> {
    const stream = pieces === undefined ? {} : { stream: true, max_tokens: pieces };
    const body = Buffer.from(JSON.stringify({ model: 'bench', ...stream, messages }));
    return new Promise((resolve, reject) => {
      const begun = performance.now();
      let first = 0;
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method: 'POST',
          path: '/v1/chat/completions',
          agent: this.#agent,
          headers: { 'Content-Type': 'application/json', 'Content-Length': body.length },
        },
        (answer) => {
          answer.on('data', () => {
            if (first === 0) first = performance.now() - begun;
          });
          answer.on('end', () => resolve({ first, last: performance.now() - begun }));
          answer.on('error', reject);
          if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

import type { FastifyReply } from 'fastify';
import type { Refusal } from './refusal.js';

/**
 * An answer as server-sent events. Its head waits for the first event, so that what fails before that gets a status of
 * its own.
 *
 * While nothing is sent for a while, a comment is, lest a proxy in between takes the connection for dead.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #pings: NodeJS.Timeout;
  #isOpen = false;
  #wasQuiet = true;

  constructor(reply: FastifyReply, pingSeconds: number) {
    this.#reply = reply;
    this.#pings = setInterval(() => {
      if (this.#wasQuiet) this.#write(': ping\n\n');
      this.#wasQuiet = true;
    }, pingSeconds * 1000);
    reply.raw.once('close', () => clearInterval(this.#pings));
  }

  /** Whether its head has been sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(event: object): void {
    this.#wasQuiet = false;
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** Ends a whole answer. */
  done(): void {
    this.#write('data: [DONE]\n\n');
    this.#end();
  }

  /** Ends an answer that failed, with the refusal as its last event; clients tell it from a whole one by that. */
  fail({ error }: Refusal): void {
    this.send({ error });
    this.#end();
  }

  /** Sends no more; before it is open, the reply is still free for another answer. */
  abandon(): void {
    clearInterval(this.#pings);
  }

  #end(): void {
    this.abandon();
    this.#reply.raw.end();
  }

  #write(text: string): void {
    const { raw } = this.#reply;
    if (raw.destroyed) return;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#reply.hijack();
      const headers = Object.entries(this.#reply.getHeaders()).filter((entry) => entry[1] !== undefined);
      raw.writeHead(200, {
        ...Object.fromEntries(headers),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        // nginx hands on what is marked so as it comes.
        'x-accel-buffering': 'no',
      });
    }
    raw.write(text);
  }
}

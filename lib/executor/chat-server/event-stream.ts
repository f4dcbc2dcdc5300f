import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { BufferedBytes } from './buffered-bytes.js';
import type { Refusal } from './refusal.js';

/** How a stream treats its client. */
export interface EventStreamOptions {
  /** A comment is sent after so many seconds without an event. */
  readonly pingSeconds: number;
  /** A client that takes no byte for so long is cut off. */
  readonly stallSeconds: number;
  /** The bytes of responses that were written, but not taken by the system. */
  readonly unread: BufferedBytes<ServerResponse>;
}

/** In bytes; a stream that its client has not read so far waits. */
const longestUnread = 256 * 1024;

/**
 * An answer as server-sent events. Its head waits for the first event, so that what fails before that gets a status of
 * its own.
 *
 * While nothing is sent for a while, a comment is, lest a proxy in between takes the connection for dead.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #options: EventStreamOptions;
  readonly #pings: NodeJS.Timeout;
  #isOpen = false;
  #wasQuiet = true;
  #waiting: (() => void)[] = [];

  constructor(reply: FastifyReply, options: EventStreamOptions) {
    this.#reply = reply;
    this.#options = options;
    this.#pings = setInterval(() => {
      if (this.#wasQuiet && !this.#isBehind) this.#write(': ping\n\n');
      this.#wasQuiet = true;
    }, options.pingSeconds * 1000);
    reply.raw.once('close', () => {
      clearInterval(this.#pings);
      this.#goOn();
    });
  }

  /** Whether its head has been sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends an event. Wait for the promise, if there is one: the client has not read the events before. */
  send(event: object): Promise<void> | undefined {
    this.#wasQuiet = false;
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
    return this.#isBehind ? new Promise((resolve) => this.#waiting.push(resolve)) : undefined;
  }

  /** Ends a whole answer. */
  done(): void {
    this.#write('data: [DONE]\n\n');
    this.#end();
  }

  /** Ends an answer that failed, with the refusal as its last event; clients tell it from a whole one by that. */
  fail({ error }: Refusal): void {
    this.#write(`data: ${JSON.stringify({ error })}\n\n`);
    this.#end();
  }

  /** Sends no more; before it is open, the reply is still free for another answer. */
  abandon(): void {
    clearInterval(this.#pings);
  }

  get #isBehind(): boolean {
    const { raw } = this.#reply;
    return !raw.destroyed && this.#options.unread.of(raw) > longestUnread;
  }

  #goOn(): void {
    if (this.#isBehind) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  #end(): void {
    this.abandon();
    this.#reply.raw.end();
  }

  #write(text: string): void {
    const { raw } = this.#reply;
    if (raw.destroyed || raw.writableEnded) return;
    if (!this.#isOpen) this.#open();
    const { unread } = this.#options;
    const bytes = Buffer.byteLength(text);
    unread.add(raw, bytes);
    raw.write(text, () => {
      unread.remove(raw, bytes);
      this.#goOn();
    });
  }

  #open(): void {
    const { raw } = this.#reply;
    const { pingSeconds, stallSeconds } = this.#options;
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
    // Node closes a connection over which no byte was sent for so long. A quiet stream sends pings.
    raw.setTimeout(timerOf(stallSeconds + pingSeconds));
  }
}

/** Milliseconds that a timer can wait. */
function timerOf(seconds: number): number {
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}

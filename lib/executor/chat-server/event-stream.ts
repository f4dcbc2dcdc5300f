import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { BufferedBytes } from './buffered-bytes.js';
import type { ErrorResponse } from './error-response.js';

/** Timeouts and the memory limit of a stream. */
export interface EventStreamOptions {
  /** Seconds of silence after which a comment is sent. */
  readonly pingSeconds: number;
  /**
   * The timeout for a client that reads nothing is this number of seconds plus `pingSeconds`. The server closes the
   * connection after at least this time and at most twice this time.
   */
  readonly stallSeconds: number;
  /** Counts, over all responses, the bytes that were written but that the operating system has not accepted yet. */
  readonly unread: BufferedBytes<ServerResponse>;
}

/** If more bytes of the response than this are unread, {@link EventStream.send} returns a promise. */
const maxUnreadBytes = 256 * 1024;

/**
 * Sends an answer as server-sent events.
 *
 * The headers are sent with the first event, so an earlier failure can still set an error status. During silence the
 * stream sends comments, so that proxies keep the connection open.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #options: EventStreamOptions;
  readonly #pings: NodeJS.Timeout;
  #isOpen = false;
  #waiting: (() => void)[] = [];

  constructor(reply: FastifyReply, options: EventStreamOptions) {
    this.#reply = reply;
    this.#options = options;
    this.#pings = setInterval(() => {
      if (!this.#isBehind) this.#write(': ping\n\n');
    }, options.pingSeconds * 1000);
    reply.raw.once('close', () => {
      clearInterval(this.#pings);
      this.#resume();
    });
  }

  /** Whether the headers have been sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends an event. It returns a promise if the client reads slowly. Wait for this promise before you send the next
   * event.
   */
  send(event: object): Promise<void> | undefined {
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
    return this.#isBehind ? new Promise((resolve) => this.#waiting.push(resolve)) : undefined;
  }

  /** Ends a complete answer. */
  done(): void {
    this.#write('data: [DONE]\n\n');
    this.#end();
  }

  /** Ends a failed answer. The error is the last event, so clients can distinguish the answer from a complete one. */
  fail({ error }: ErrorResponse): void {
    this.#write(`data: ${JSON.stringify({ error })}\n\n`);
    this.#end();
  }

  /** Stops the comments. Before the first event, the reply can still be used for another response. */
  abandon(): void {
    clearInterval(this.#pings);
  }

  get #isBehind(): boolean {
    const { raw } = this.#reply;
    return !raw.destroyed && this.#options.unread.of(raw) > maxUnreadBytes;
  }

  #resume(): void {
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
    this.#pings.refresh();
    const { unread } = this.#options;
    const bytes = Buffer.byteLength(text);
    unread.add(raw, bytes);
    raw.write(text, () => {
      unread.remove(raw, bytes);
      this.#resume();
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
      // Disables buffering in nginx.
      'x-accel-buffering': 'no',
    });
    // Node closes the connection if the socket is inactive for this long. A silent stream is active only when it sends
    // a ping, so the time between pings is added. If some bytes of the last write were sent during this time, Node
    // starts the timeout again.
    raw.setTimeout(timerOf(stallSeconds + pingSeconds));
  }
}

/** Converts seconds to milliseconds, up to the longest delay that Node's timers accept. */
function timerOf(seconds: number): number {
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}

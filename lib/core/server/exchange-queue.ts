import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A listener of a server's requests. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Limits for the waiting requests of one connection. */
export interface ExchangeQueueLimits {
  /** Maximum number of waiting requests; default 16. */
  readonly requests?: number;
  /** Maximum characters in the targets and headers of the waiting requests; default 16 Ki. */
  readonly headCharacters?: number;
}

/** The requests of one connection. */
interface Pipeline {
  readonly waiting: Exchange[];
  headCharacters: number;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly listener: RequestListener;
}

/**
 * Handles one request per connection at a time.
 *
 * Node emits pipelined requests as soon as they are read, even if earlier responses are not sent yet. This queue emits
 * a request after the previous response has closed. It closes a connection with too many waiting requests. When a
 * connection closes, its waiting requests are dropped without a response.
 */
export class ExchangeQueue {
  readonly #limits: Required<ExchangeQueueLimits>;
  readonly #pipelines = new WeakMap<Socket, Pipeline>();

  constructor({ requests = 16, headCharacters = 16 * 1024 }: ExchangeQueueLimits = {}) {
    this.#limits = { requests, headCharacters };
  }

  /** Wraps a listener. Listeners for several events of one server can share a queue. */
  wrap(listener: RequestListener): RequestListener {
    return (request, response) => this.#take({ request, response, listener });
  }

  /** Wraps all current listeners of a server. Use it for servers of other libraries. */
  attach(server: Server): void {
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      const listeners = server.listeners(event) as RequestListener[];
      if (listeners.length === 0) continue;
      server.removeAllListeners(event);
      server.on(
        event,
        this.wrap((request, response) => {
          for (const listener of listeners) listener.call(server, request, response);
        }),
      );
    }
  }

  #take(exchange: Exchange): void {
    const { socket } = exchange.request;
    // When a response closes the connection, Node still emits the requests that it has already read.
    if (socket.destroyed) return;
    const pipeline = this.#pipelines.get(socket);
    if (pipeline === undefined) {
      this.#pipelines.set(socket, { waiting: [], headCharacters: 0 });
      this.#start(exchange);
      return;
    }
    pipeline.waiting.push(exchange);
    pipeline.headCharacters += headCharactersOf(exchange.request);
    const { requests, headCharacters } = this.#limits;
    if (pipeline.waiting.length > requests || pipeline.headCharacters > headCharacters) {
      pipeline.waiting.length = 0;
      socket.destroy();
    }
  }

  #start({ request, response, listener }: Exchange): void {
    response.once('close', () => this.#next(request.socket));
    listener(request, response);
  }

  #next(socket: Socket): void {
    const pipeline = this.#pipelines.get(socket);
    // A response with `Connection: close` ends the socket. Later responses get no socket from Node and would never
    // close.
    const exchange = socket.destroyed || !socket.writable ? undefined : pipeline?.waiting.shift();
    if (pipeline === undefined || exchange === undefined) {
      this.#pipelines.delete(socket);
      return;
    }
    pipeline.headCharacters -= headCharactersOf(exchange.request);
    this.#start(exchange);
  }
}

function headCharactersOf({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length);
}

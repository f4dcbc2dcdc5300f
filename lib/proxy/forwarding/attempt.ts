import type { ClientRequest, IncomingMessage, InformationEvent } from 'node:http';
import { UpstreamError, type UpstreamFailure } from '../errors/proxy-errors.js';
import type { OpenOptions, OutgoingHead, Upstream } from './upstream.js';

/** Why an attempt failed before a response. */
export interface AttemptFailure {
  readonly error: UpstreamError;
  /** Whether the upstream may have received the request. */
  readonly wasSent: boolean;
  /** Whether a reused connection closed immediately. The upstream may have closed it while it was idle. */
  readonly wasClosing: boolean;
}

/** Receives the events of an attempt: informational responses, then a response or a failure. */
export interface AttemptListener {
  /** The upstream sent a 100 (Continue) response. */
  continued(): void;
  /** The upstream sent another informational response. */
  informed(information: InformationEvent): void;
  answered(answer: IncomingMessage): void;
  failed(failure: AttemptFailure): void;
  /** The response started, but is incomplete or invalid. */
  interrupted(error: UpstreamError): void;
}

const emptyChunk = new Uint8Array();
/** Maximum time for an upstream to accept a connection. */
const connectTimeoutMilliseconds = 10_000;
/** A reused connection that fails within this time after a request was probably already closing. */
const closingWindowMilliseconds = 1_000;
/**
 * Maximum number of informational responses per request. With more responses, the attempt fails, because the upstream
 * might never stop sending them.
 */
const maxInformationalResponses = 10_000;

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** One request to one upstream. */
export class Attempt {
  readonly request: ClientRequest;
  readonly #upstream: Upstream;
  readonly #listener: AttemptListener;
  readonly #startedAt = performance.now();
  #isConnected = false;
  #isAnswered = false;
  #isOver = false;
  #informationalResponses = 0;

  /** Starts the request. Throws Node's error for an invalid head. */
  constructor(upstream: Upstream, head: OutgoingHead & OpenOptions, listener: AttemptListener) {
    this.#upstream = upstream;
    this.#listener = listener;
    this.request = upstream.open(head, head);
    this.request.on('socket', (socket) => this.#watchConnecting(socket));
    this.request.on('response', (answer) => this.#answered(answer));
    this.request.on('error', (error) => this.#failed(error));
    this.request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#failed(new Error('unexpected protocol upgrade'));
    });
    this.request.on('close', () => {
      // After a response has started, its remaining bytes can still be read.
      if (!this.#isAnswered) this.#failed(new Error('the connection was closed'));
    });
    this.request.on('continue', () => listener.continued());
    this.request.on('information', (information) => this.#onInformation(information));
  }

  /** Sends the head without waiting for the first byte of the body. */
  sendHead(): void {
    // `flushHeaders()` would write non-ASCII bytes in another encoding.
    if (!this.#isOver) this.request.write(emptyChunk);
  }

  /** Ends the attempt after the complete response. */
  end(): void {
    this.#isOver = true;
    // If the response is complete before the request, discard the rest of the request.
    if (!this.request.writableFinished) this.request.destroy();
  }

  /** Aborts the attempt. The listener gets no further events. */
  destroy(): void {
    this.#isOver = true;
    this.request.destroy();
  }

  #onInformation(information: InformationEvent): void {
    this.#informationalResponses++;
    if (this.#informationalResponses <= maxInformationalResponses) this.#listener.informed(information);
    else this.request.destroy(new Error('too many informational responses'));
  }

  #watchConnecting(socket: ClientRequest['socket'] & object): void {
    if (!socket.connecting) {
      this.#isConnected = true;
      return;
    }
    const timer = setTimeout(() => {
      this.request.destroy(new ConnectTimeout('the connection was not accepted in time'));
    }, connectTimeoutMilliseconds);
    const connected = (): void => {
      this.#isConnected = true;
      clearTimeout(timer);
    };
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
    socket.once('close', () => clearTimeout(timer));
  }

  #answered(answer: IncomingMessage): void {
    if (this.#isOver) return;
    this.#isAnswered = true;
    answer.on('error', (error) => this.#failed(error));
    this.#listener.answered(answer);
  }

  #failed(cause: NodeJS.ErrnoException): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.request.destroy();
    const { name } = this.#upstream;
    const reason = cause.code ?? cause.message;
    if (this.#isAnswered) {
      this.#listener.interrupted(
        new UpstreamError(name, 'broken', `${name} did not complete its response (${reason}).`, { cause }),
      );
      return;
    }
    const failure: UpstreamFailure = this.#isConnected
      ? 'broken'
      : cause instanceof ConnectTimeout
        ? 'timeout'
        : 'unreachable';
    const problem = failure === 'broken' ? 'sent no valid response' : 'cannot be reached';
    this.#listener.failed({
      error: new UpstreamError(name, failure, `${name} ${problem} (${reason}).`, { cause }),
      wasSent: this.#isConnected,
      wasClosing: this.request.reusedSocket && performance.now() - this.#startedAt < closingWindowMilliseconds,
    });
  }
}

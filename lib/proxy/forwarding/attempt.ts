import type { ClientRequest, IncomingMessage, InformationEvent } from 'node:http';
import { UpstreamError, type UpstreamFailure } from '../errors/proxy-errors.js';
import type { OpenOptions, OutgoingHead, Upstream } from './upstream.js';

/** Why an attempt failed before it was answered. */
export interface AttemptFailure {
  readonly error: UpstreamError;
  /** Whether the upstream may have got the request. */
  readonly wasSent: boolean;
  /** Whether it went over a connection kept from before that closed at once, as the upstream may just have been doing. */
  readonly wasClosing: boolean;
}

/** Told what comes of an attempt: some pieces of news, then an answer or a failure. */
export interface AttemptListener {
  continued(): void;
  informed(information: InformationEvent): void;
  answered(answer: IncomingMessage): void;
  failed(failure: AttemptFailure): void;
  /** The upstream broke off after it had begun to answer. */
  brokeOff(error: UpstreamError): void;
}

const nothing = new Uint8Array();
/** How long an upstream may take to accept a connection, in milliseconds. */
const connectWithin = 10_000;
/** How long after a request it is told of a connection that was closing already, in milliseconds. */
const closesWithin = 1_000;
/** Informational responses after which an upstream has failed: it would go on forever. */
const mostInformation = 10_000;

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** One request to one upstream. */
export class Attempt {
  readonly request: ClientRequest;
  readonly #upstream: Upstream;
  readonly #listener: AttemptListener;
  readonly #begun = performance.now();
  #isConnected = false;
  #isAnswered = false;
  #isOver = false;
  #informed = 0;

  /** Begins it. Throws what Node does for a head that cannot be sent. */
  constructor(upstream: Upstream, head: OutgoingHead & OpenOptions, listener: AttemptListener) {
    this.#upstream = upstream;
    this.#listener = listener;
    this.request = upstream.open(head, head);
    this.request.on('socket', (socket) => this.#watchConnecting(socket));
    this.request.on('response', (answer) => this.#answered(answer));
    this.request.on('error', (error) => this.#failed(error));
    this.request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#failed(new Error('it changed the protocol unasked'));
    });
    this.request.on('close', () => {
      // Of an answer there may be more to read.
      if (!this.#isAnswered) this.#failed(new Error('it closed the connection'));
    });
    this.request.on('continue', () => listener.continued());
    this.request.on('information', (information) => this.#inform(information));
  }

  /** Sends the head, before there is any of the body. */
  sendHead(): void {
    // Not `flushHeaders()`: that writes bytes beyond ASCII in another encoding.
    if (!this.#isOver) this.request.write(nothing);
  }

  /** The answer has come to its end. */
  end(): void {
    this.#isOver = true;
    // It was answered before all of it was sent, and what is left goes nowhere.
    if (!this.request.writableFinished) this.request.destroy();
  }

  /** Leaves it at once. */
  destroy(): void {
    this.#isOver = true;
    this.request.destroy();
  }

  #inform(information: InformationEvent): void {
    this.#informed++;
    if (this.#informed <= mostInformation) this.#listener.informed(information);
    else this.request.destroy(new Error('it sent informational responses without end'));
  }

  #watchConnecting(socket: ClientRequest['socket'] & object): void {
    if (!socket.connecting) {
      this.#isConnected = true;
      return;
    }
    const timer = setTimeout(() => {
      this.request.destroy(new ConnectTimeout('the connection was not accepted in time'));
    }, connectWithin);
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
      this.#listener.brokeOff(
        new UpstreamError(name, 'broken', `${name} broke off its answer (${reason}).`, { cause }),
      );
      return;
    }
    const failure: UpstreamFailure = this.#isConnected
      ? 'broken'
      : cause instanceof ConnectTimeout
        ? 'timeout'
        : 'unreachable';
    const problem = failure === 'broken' ? 'gave no answer' : 'cannot be reached';
    this.#listener.failed({
      error: new UpstreamError(name, failure, `${name} ${problem} (${reason}).`, { cause }),
      wasSent: this.#isConnected,
      wasClosing: this.request.reusedSocket && performance.now() - this.#begun < closesWithin,
    });
  }
}

import { type IncomingMessage, type InformationEvent, type ServerResponse, STATUS_CODES } from 'node:http';
import type { ExchangeObserver } from './exchange-observer.js';
import { answerHeaders, trailerPairs } from './passed-headers.js';
import { ResponseWriter, type ResponseWriterOptions } from './response-writer.js';

const nothing = new Uint8Array();
/** Informational responses that are passed on per request. */
const mostInformation = 64;

/** Passes an upstream's answer on to the client, as it comes; see {@link ResponseWriter} for slow clients. */
export class AnswerRelay {
  readonly #response: ServerResponse;
  readonly #observer: ExchangeObserver | undefined;
  readonly #writer: ResponseWriter;
  readonly #stallMilliseconds: number;
  readonly #inChunks: boolean;
  #answer: IncomingMessage | undefined;
  #hasContinued = false;
  #informed = 0;

  constructor(response: ServerResponse, observer: ExchangeObserver | undefined, writing: ResponseWriterOptions) {
    this.#response = response;
    this.#observer = observer;
    this.#writer = new ResponseWriter(response, writing);
    this.#stallMilliseconds = writing.stallMilliseconds;
    const { httpVersionMajor: major, httpVersionMinor: minor } = response.req;
    this.#inChunks = major > 1 || minor >= 1;
  }

  /** Passes on that the upstream waits for the body; once, whatever the upstream repeats. */
  passContinue(): void {
    if (!this.#inChunks || this.#response.headersSent || this.#hasContinued) return;
    this.#hasContinued = true;
    this.#response.writeContinue();
  }

  /**
   * Passes a 102 or 103 response on, with its links. Leaves it out after 64, and while the client doesn't read.
   *
   * Node's `writeEarlyHints` checks links with a regular expression that takes seconds for some.
   */
  passInformation({ statusCode, rawHeaders }: Pick<InformationEvent, 'statusCode' | 'rawHeaders'>): void {
    const { socket, headersSent } = this.#response;
    if (!this.#inChunks || headersSent || socket === null || socket.writableNeedDrain) return;
    if (this.#informed >= mostInformation) return;
    const links = statusCode === 103 ? linkLines(rawHeaders) : '';
    if (statusCode !== 102 && links === '') return;
    this.#informed++;
    socket.write(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${links}\r\n`, 'latin1');
  }

  /** Begins to pass an answer on; `onEnd` is called when all of it has come, though the client may still read it. */
  pass(answer: IncomingMessage, onEnd: () => void): void {
    const response = this.#response;
    this.#answer = answer;
    const { statusCode = 502, statusMessage = '' } = answer;
    const coding = answer.headers['transfer-encoding'];
    // The end of the connection is that of the answer. Source: RFC 9112 §6.3.
    if (coding !== undefined && !/(?:^|[\s,])chunked\s*$/i.test(coding)) response.shouldKeepAlive = false;
    response.writeHead(statusCode, statusMessage, answerHeaders(answer, { inChunks: this.#inChunks }));
    answer.on('data', this.#onData);
    answer.on('end', () => {
      onEnd();
      this.#writer.end(this.#inChunks ? trailerPairs(answer.rawTrailers) : []);
    });
    this.#flushHead();
    this.#observer?.answered({ status: statusCode, headers: answer.headers });
  }

  /** Ends the connection such that the client sees that its answer is not whole; what has come is sent first. */
  cutOff(): void {
    this.stop();
    const { socket } = this.#response.req;
    const endsByClosing = !this.#response.chunkedEncoding && !this.#response.hasHeader('content-length');
    // Earlier answers of the connection are still on their way: it is this one's turn later.
    if (this.#response.socket === null) this.#response.destroy();
    // An answer that lasts until the connection is closed would look whole.
    else if (endsByClosing && this.#answer?.headers['content-length'] === undefined) socket.resetAndDestroy();
    else {
      socket.setTimeout(this.#stallMilliseconds, () => socket.destroy());
      socket.destroySoon();
    }
  }

  /** Passes nothing further on. */
  stop(): void {
    this.#writer.stop();
    this.#answer?.off('data', this.#onData);
  }

  /** At once, and in one packet with what of the body has come already. */
  #flushHead(): void {
    const { socket } = this.#response;
    socket?.cork();
    // Not `flushHeaders()`: that writes bytes beyond ASCII in another encoding.
    this.#response.write(nothing);
    process.nextTick(() => socket?.uncork());
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#writer.write(chunk);
    if (!this.#writer.hasRoom(() => this.#answer?.resume())) this.#answer?.pause();
    this.#observer?.answerData(chunk);
  };
}

/** What may be in the value of a header. Source: RFC 9110 §5.5. */
const validValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The `Link` headers among names and values in turn, as lines. */
function linkLines(rawHeaders: readonly string[]): string {
  let lines = '';
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const [name = '', value = ''] = rawHeaders.slice(place, place + 2);
    if (name.toLowerCase() === 'link' && validValue.test(value)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

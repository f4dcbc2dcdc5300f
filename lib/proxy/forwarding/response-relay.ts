import { type IncomingMessage, type InformationEvent, type ServerResponse, STATUS_CODES } from 'node:http';
import type { ExchangeObserver } from './exchange-observer.js';
import { answerHeaders, trailerPairs } from './passed-headers.js';
import { ResponseWriter, type ResponseWriterOptions } from './response-writer.js';

const emptyChunk = new Uint8Array();
/** Maximum number of informational responses that are forwarded per request. */
const maxInformationalResponses = 64;

/** Forwards the response of an upstream to the client as it arrives. {@link ResponseWriter} handles slow clients. */
export class ResponseRelay {
  readonly #response: ServerResponse;
  readonly #observer: ExchangeObserver | undefined;
  readonly #writer: ResponseWriter;
  readonly #stallMilliseconds: number;
  readonly #inChunks: boolean;
  #upstreamResponse: IncomingMessage | undefined;
  #hasContinued = false;
  #informationalResponses = 0;

  constructor(response: ServerResponse, observer: ExchangeObserver | undefined, writing: ResponseWriterOptions) {
    this.#response = response;
    this.#observer = observer;
    this.#writer = new ResponseWriter(response, writing);
    this.#stallMilliseconds = writing.stallMilliseconds;
    const { httpVersionMajor: major, httpVersionMinor: minor } = response.req;
    this.#inChunks = major > 1 || minor >= 1;
  }

  /** Sends 100 (Continue) to the client, forwarded or from the proxy itself. Further calls have no effect. */
  passContinue(): void {
    if (!this.#inChunks || this.#response.headersSent || this.#hasContinued) return;
    this.#hasContinued = true;
    this.#response.writeContinue();
  }

  /**
   * Forwards a 102 or 103 response with its links. Drops the response if 64 such responses were forwarded before, or if
   * the client doesn't read.
   *
   * Doesn't use Node's `writeEarlyHints`, because its regular expression takes seconds for some links.
   */
  passInformation({ statusCode, rawHeaders }: Pick<InformationEvent, 'statusCode' | 'rawHeaders'>): void {
    const { socket, headersSent } = this.#response;
    if (!this.#inChunks || headersSent || socket === null || socket.writableNeedDrain) return;
    if (this.#informationalResponses >= maxInformationalResponses) return;
    const links = statusCode === 103 ? linkLines(rawHeaders) : '';
    if (statusCode !== 102 && links === '') return;
    this.#informationalResponses++;
    socket.write(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${links}\r\n`, 'latin1');
  }

  /**
   * Starts to forward a response. Calls `onEnd` when the complete response has arrived from the upstream. At that time,
   * the client may not have received the complete response yet.
   */
  pass(upstreamResponse: IncomingMessage, onEnd: () => void): void {
    const response = this.#response;
    this.#upstreamResponse = upstreamResponse;
    const { statusCode = 502, statusMessage = '' } = upstreamResponse;
    const coding = upstreamResponse.headers['transfer-encoding'];
    // A response whose last transfer coding is not `chunked` ends when the connection closes. Source: RFC 9112 §6.3.
    if (coding !== undefined && !/(?:^|[\s,])chunked\s*$/i.test(coding)) response.shouldKeepAlive = false;
    response.writeHead(statusCode, statusMessage, answerHeaders(upstreamResponse, { inChunks: this.#inChunks }));
    upstreamResponse.on('data', this.#onData);
    upstreamResponse.on('end', () => {
      onEnd();
      this.#writer.end(this.#inChunks ? trailerPairs(upstreamResponse.rawTrailers) : []);
    });
    this.#flushHead();
    this.#observer?.answered({ status: statusCode, headers: upstreamResponse.headers });
  }

  /**
   * Closes the connection so that the client detects an incomplete response. Bytes that wait for a slow client are
   * discarded. If the response is chunked or has a declared length, bytes already written to the connection are sent
   * first.
   */
  abort(): void {
    this.stop();
    const { socket } = this.#response.req;
    const endsByClosing = !this.#response.chunkedEncoding && !this.#response.hasHeader('content-length');
    // Without a socket: the connection still sends earlier responses, so this response has not started.
    if (this.#response.socket === null) this.#response.destroy();
    // A normal close would make a response without a declared length look complete.
    else if (endsByClosing && this.#upstreamResponse?.headers['content-length'] === undefined) socket.resetAndDestroy();
    else {
      socket.setTimeout(this.#stallMilliseconds, () => socket.destroy());
      socket.destroySoon();
    }
  }

  /** Stops forwarding. */
  stop(): void {
    this.#writer.stop();
    this.#upstreamResponse?.off('data', this.#onData);
  }

  /** Sends the head immediately, in one packet with the received part of the body. */
  #flushHead(): void {
    const { socket } = this.#response;
    socket?.cork();
    // `flushHeaders()` would write non-ASCII bytes in another encoding.
    this.#response.write(emptyChunk);
    process.nextTick(() => socket?.uncork());
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#writer.write(chunk);
    if (!this.#writer.hasRoom(() => this.#upstreamResponse?.resume())) this.#upstreamResponse?.pause();
    this.#observer?.answerData(chunk);
  };
}

/** The valid characters of a header value. Source: RFC 9110 §5.5. */
const validValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Formats the `Link` headers as lines. `rawHeaders` contains names and values alternately. */
function linkLines(rawHeaders: readonly string[]): string {
  let lines = '';
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const [name = '', value = ''] = rawHeaders.slice(place, place + 2);
    if (name.toLowerCase() === 'link' && validValue.test(value)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

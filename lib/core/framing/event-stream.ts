import { GatheredBytes } from './gathered-bytes.js';
import { LineSplitter } from './line-splitter.js';

/** One event of an event stream. */
export interface StreamedEvent {
  /** Its `event` field; empty where it has none. */
  readonly name: string;
  readonly data: string;
}

/** What to do with events. */
export interface EventStreamOptions {
  /** In bytes of a line; what is longer is dropped. Limits the data of several lines too, if it is less than 64 KiB. */
  readonly longestEvent: number;
  readonly onEvent: (event: StreamedEvent) => void;
  /** A line or an event was too long. */
  readonly onDropped: () => void;
}

/** In bytes, of the data of an event that has several lines. */
const mostData = 64 * 1024;
/** In characters. */
const longestName = 256;

/**
 * Reads server-sent events, however they were split. An event that the stream ends in the middle of counts too.
 *
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #lines: LineSplitter;
  /** The data of an event that has several lines. */
  readonly #gathered = new GatheredBytes();
  #name = '';
  /** The first line of data. */
  #data: string | undefined;
  #isDropping = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#lines = new LineSplitter({
      longestLine: options.longestEvent,
      endsAtReturn: true,
      onLine: (line) => this.#line(line),
      onDropped: options.onDropped,
    });
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#lines.heldBytes + this.#gathered.capacity + (this.#data?.length ?? 0);
  }

  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  end(): void {
    this.#lines.end();
    this.#dispatch();
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field === 'event') this.#name = valueAfter(line, colon).slice(0, longestName);
    if (field === 'data') this.#add(valueAfter(line, colon));
  }

  #add(data: string): void {
    if (this.#isDropping) return;
    if (this.#data === undefined) {
      this.#data = data;
      return;
    }
    const gathered = this.#gathered;
    // Text that is joined again and again takes many times its length in memory; bytes don't.
    if (gathered.length === 0) gathered.append(Buffer.from(this.#data));
    const more = Buffer.from(`\n${data}`);
    if (gathered.length + more.length <= Math.min(mostData, this.#options.longestEvent)) {
      gathered.append(more);
      return;
    }
    this.#isDropping = true;
    this.#options.onDropped();
  }

  #dispatch(): void {
    const name = this.#name;
    const data = this.#gathered.length > 0 ? this.#gathered.takeText() : this.#data;
    const isDropped = this.#isDropping;
    this.#name = '';
    this.#data = undefined;
    this.#isDropping = false;
    if (data !== undefined && !isDropped) this.#options.onEvent({ name, data });
  }
}

/** A field's value, without the one space that may stand before it. */
function valueAfter(line: string, colon: number): string {
  if (colon === -1) return '';
  return line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
}

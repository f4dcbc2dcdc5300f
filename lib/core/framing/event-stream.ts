import { GatheredBytes } from './gathered-bytes.js';
import { LineSplitter } from './line-splitter.js';

/** One event of an event stream. */
export interface StreamedEvent {
  /** The `event` field; empty if there is none. */
  readonly name: string;
  readonly data: string;
}

/** Options of an event stream. */
export interface EventStreamOptions {
  /**
   * Maximum bytes of a line, and of the data of an event. A longer line is dropped, and so is an event with more data.
   *
   * The data of an event with several `data` lines is also limited to 64 KiB.
   */
  readonly longestEvent: number;
  readonly onEvent: (event: StreamedEvent) => void;
  /** Called when a line or an event is too long and is dropped. */
  readonly onDropped: () => void;
}

/** Maximum bytes in the data of an event with several `data` lines. */
const maxData = 64 * 1024;
/** Maximum characters in the name of an event. */
const longestName = 256;

/**
 * Reads server-sent events from bytes in pieces. The last event counts even if the stream ends within it.
 *
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #lines: LineSplitter;
  /** The joined data of an event with several `data` lines. */
  readonly #gathered = new GatheredBytes();
  #name = '';
  /** The value of the first `data` line of the event. */
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
    // Join bytes instead of text, because repeatedly joined text takes many times its length in memory.
    if (gathered.length === 0) gathered.append(Buffer.from(this.#data));
    const line = Buffer.from(`\n${data}`);
    if (gathered.length + line.length <= Math.min(maxData, this.#options.longestEvent)) {
      gathered.append(line);
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

/** The value of a field, without a leading space. */
function valueAfter(line: string, colon: number): string {
  if (colon === -1) return '';
  return line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
}

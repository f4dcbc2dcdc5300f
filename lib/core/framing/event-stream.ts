import { LineSplitter } from './line-splitter.js';

/** One event of an event stream. */
export interface StreamedEvent {
  /** Its `event` field; empty where it has none. */
  readonly name: string;
  readonly data: string;
}

/** What to do with events. */
export interface EventStreamOptions {
  /** In bytes of a line, and in characters of an event; what is longer is dropped. */
  readonly longestEvent: number;
  readonly onEvent: (event: StreamedEvent) => void;
  /** A line or an event was too long. */
  readonly onDropped: () => void;
}

/**
 * Reads server-sent events, however they were split. An event that the stream ends in the middle of counts too.
 *
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #lines: LineSplitter;
  #name = '';
  #data: string | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#lines = new LineSplitter({
      longestLine: options.longestEvent,
      endsAtReturn: true,
      onLine: (line) => this.#line(line),
      onDropped: options.onDropped,
    });
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
    if (field === 'event') this.#name = valueAfter(line, colon);
    if (field === 'data') this.#add(valueAfter(line, colon));
  }

  #add(data: string): void {
    if (this.#data === undefined) {
      this.#data = data;
    } else if (this.#data.length + data.length < this.#options.longestEvent) {
      this.#data += `\n${data}`;
    } else {
      this.#data = undefined;
      this.#options.onDropped();
    }
  }

  #dispatch(): void {
    const { onEvent } = this.#options;
    const event = { name: this.#name, data: this.#data };
    this.#name = '';
    this.#data = undefined;
    if (event.data !== undefined) onEvent({ name: event.name, data: event.data });
  }
}

/** A field's value, without the one space that may stand before it. */
function valueAfter(line: string, colon: number): string {
  if (colon === -1) return '';
  return line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
}

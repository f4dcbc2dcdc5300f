import { CondensedJson } from './condensed-json.js';
import { asBuffer } from './gathered-bytes.js';

/** What to do with lines. */
export interface LineSplitterOptions {
  /** In bytes; a longer line is dropped, and so is one whose condensed JSON is longer than 64 KiB. */
  readonly longestLine: number;
  /** Whether a carriage return ends a line too, as it does in an event stream. */
  readonly endsAtReturn: boolean;
  /** Called with each line, without its end. */
  readonly onLine: (line: string) => void;
  /** A line was too long; said once for each. */
  readonly onDropped: () => void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = '\uFEFF';

/**
 * Splits UTF-8 text into lines, however the text is split; a last line may have no end.
 *
 * A line that arrives in several pieces is gathered as `CondensedJson`, so it can lack the end of long strings.
 */
export class LineSplitter {
  readonly #options: LineSplitterOptions;
  readonly #begun = new CondensedJson();
  #isDropping = false;
  #isFirst = true;
  #skipsLineFeed = false;

  constructor(options: LineSplitterOptions) {
    this.#options = options;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#begun.heldBytes;
  }

  /** Splits the next bytes. */
  push(bytes: Uint8Array): void {
    const chunk = asBuffer(bytes);
    let from = 0;
    if (this.#skipsLineFeed && chunk.length > 0) {
      this.#skipsLineFeed = false;
      if (chunk[0] === lineFeed) from = 1;
    }
    let nextReturn = this.#options.endsAtReturn ? positionOf(carriageReturn, chunk, from) : Number.POSITIVE_INFINITY;
    let nextFeed = positionOf(lineFeed, chunk, from);
    while (from < chunk.length) {
      const end = Math.min(nextFeed, nextReturn);
      if (end === Number.POSITIVE_INFINITY) {
        this.#keep(chunk.subarray(from));
        return;
      }
      this.#line(chunk, from, end);
      from = end + 1;
      if (end === nextReturn) {
        if (from === chunk.length) this.#skipsLineFeed = true;
        else if (chunk[from] === lineFeed) from++;
        nextReturn = positionOf(carriageReturn, chunk, from);
      }
      if (nextFeed < from) nextFeed = positionOf(lineFeed, chunk, from);
    }
  }

  /** No more bytes come; a last line without an end is a line too. */
  end(): void {
    if (this.#begun.rawLength > 0) this.#tell(this.#begun.takeText());
    this.#isDropping = false;
  }

  #line(chunk: Buffer, from: number, end: number): void {
    if (this.#begun.rawLength === 0 && !this.#isDropping && end - from <= this.#options.longestLine) {
      this.#tell(chunk.toString('utf8', from, end));
      return;
    }
    this.#keep(chunk.subarray(from, end));
    if (this.#isDropping) this.#isDropping = false;
    else this.#tell(this.#begun.takeText());
  }

  #keep(piece: Buffer): void {
    if (this.#isDropping) return;
    const { longestLine } = this.#options;
    if (this.#begun.rawLength + piece.length <= longestLine && this.#begun.append(piece)) return;
    this.#isDropping = true;
    this.#isFirst = false;
    this.#begun.clear();
    this.#options.onDropped();
  }

  #tell(line: string): void {
    const isMarked = this.#isFirst && line.startsWith(byteOrderMark);
    this.#isFirst = false;
    this.#options.onLine(isMarked ? line.slice(1) : line);
  }
}

function positionOf(byte: number, chunk: Buffer, from: number): number {
  const position = chunk.indexOf(byte, from);
  return position === -1 ? Number.POSITIVE_INFINITY : position;
}

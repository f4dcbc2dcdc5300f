import { CondensedJson } from './condensed-json.js';
import { asBuffer } from './gathered-bytes.js';

/** Options of a line splitter. */
export interface LineSplitterOptions {
  /**
   * Maximum length in bytes. A longer line is dropped. So is a line that arrives in several pieces and whose condensed
   * JSON is longer than 64 KiB.
   */
  readonly longestLine: number;
  /** Whether a carriage return also ends a line, as in an event stream. */
  readonly endsAtReturn: boolean;
  /** Called with each line, without its end. */
  readonly onLine: (line: string) => void;
  /** Called once for each dropped line. */
  readonly onDropped: () => void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = '\uFEFF';

/**
 * Splits UTF-8 text that arrives in pieces into lines. The last line may lack a line end.
 *
 * A line that arrives in several pieces is stored as `CondensedJson`, so long strings in it can be truncated.
 */
export class LineSplitter {
  readonly #options: LineSplitterOptions;
  readonly #partial = new CondensedJson();
  #isDropping = false;
  #isFirst = true;
  #skipsLineFeed = false;

  constructor(options: LineSplitterOptions) {
    this.#options = options;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#partial.heldBytes;
  }

  /** Processes the next bytes. */
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

  /** Ends the text. A last line without an end is reported too. */
  end(): void {
    if (this.#partial.rawLength > 0) this.#emit(this.#partial.takeText());
    this.#isDropping = false;
  }

  #line(chunk: Buffer, from: number, end: number): void {
    if (this.#partial.rawLength === 0 && !this.#isDropping && end - from <= this.#options.longestLine) {
      this.#emit(chunk.toString('utf8', from, end));
      return;
    }
    this.#keep(chunk.subarray(from, end));
    if (this.#isDropping) this.#isDropping = false;
    else this.#emit(this.#partial.takeText());
  }

  #keep(piece: Buffer): void {
    if (this.#isDropping) return;
    const { longestLine } = this.#options;
    if (this.#partial.rawLength + piece.length <= longestLine && this.#partial.append(piece)) return;
    this.#isDropping = true;
    this.#isFirst = false;
    this.#partial.clear();
    this.#options.onDropped();
  }

  #emit(line: string): void {
    const isMarked = this.#isFirst && line.startsWith(byteOrderMark);
    this.#isFirst = false;
    this.#options.onLine(isMarked ? line.slice(1) : line);
  }
}

function positionOf(byte: number, chunk: Buffer, from: number): number {
  const position = chunk.indexOf(byte, from);
  return position === -1 ? Number.POSITIVE_INFINITY : position;
}

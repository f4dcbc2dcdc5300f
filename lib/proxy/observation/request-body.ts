import { TopLevelFields } from 'tinyllm/recording';
import { DecodedBody, type UninspectedReason } from './decoded-body.js';
import type { InspectionBudget } from './inspection-budget.js';

const wanted: ReadonlySet<string> = new Set(['model', 'stream', 'n']);

/** In bytes, of the wanted fields: a longer model name is cut. */
const mostHeld = 4 * 1024;

/** More answers than OpenAI's API gives are not waited for. */
const mostChoices = 128;

/** What is done with a request's body. */
export interface RequestBodyOptions {
  /** Its `Content-Encoding`. */
  readonly encoding: string | undefined;
  /** In bytes, compressed and not. */
  readonly limit: number;
  readonly budget: InspectionBudget;
  readonly onUninspected: (reason: UninspectedReason) => void;
}

/** Reads off a request which model it asks, and whether it wants the answer streamed. */
export class RequestBody {
  readonly #options: RequestBodyOptions;
  readonly #fields: TopLevelFields;
  readonly #decoded: DecodedBody;
  #isInspected = true;

  constructor(options: RequestBodyOptions) {
    const { encoding, limit, budget } = options;
    this.#options = options;
    this.#fields = new TopLevelFields({ wanted, limit, heldLimit: mostHeld });
    this.#decoded = new DecodedBody({
      encoding,
      limit,
      budget,
      heldBytes: () => this.#fields.heldBytes,
      onData: (bytes) => this.#read(bytes),
      onUninspected: (reason) => this.#leave(reason),
    });
  }

  /** The model it names; undefined when it names none, or not yet. */
  get model(): string | undefined {
    const { model } = this.#fields.fields;
    return typeof model === 'string' && model !== '' ? model : undefined;
  }

  /** Whether it wants a stream; undefined when it does not say, or not yet. */
  get stream(): boolean | undefined {
    const { stream } = this.#fields.fields;
    if (typeof stream === 'boolean') return stream;
    // Some clients send form values; servers with lenient parsers accept them.
    return stream === 'true' ? true : stream === 'false' ? false : undefined;
  }

  /** How many alternative answers it asks for; undefined when it does not say. */
  get choices(): number | undefined {
    const { n } = this.#fields.fields;
    return typeof n === 'number' && n >= 1 && n <= mostChoices ? n : undefined;
  }

  /** Whether all of it was read. */
  get isWhole(): boolean {
    return this.#fields.state === 'whole';
  }

  push(bytes: Uint8Array): void {
    this.#decoded.push(bytes);
  }

  /** It is over; `done` is called once all of it was read. */
  end(isComplete: boolean, done: () => void): void {
    this.#decoded.end(() => {
      if (isComplete && this.#fields.state !== 'whole') this.#leave('unreadable');
      done();
    });
  }

  #read(bytes: Uint8Array): void {
    if (this.#fields.push(bytes) === 'too_large') this.#leave('too_large');
  }

  #leave(reason: UninspectedReason): void {
    if (!this.#isInspected) return;
    this.#isInspected = false;
    this.#options.onUninspected(reason);
  }
}

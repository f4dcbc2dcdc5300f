import { TopLevelFields } from 'tinyllm/recording';
import { DecodedBody, type UninspectedReason } from './decoded-body.js';
import type { InspectionBudget } from './inspection-budget.js';

const wanted: ReadonlySet<string> = new Set(['model', 'stream', 'n']);

/** Maximum bytes of the wanted fields. A longer model name is truncated. */
const maxFieldBytes = 4 * 1024;

/** Maximum number of alternative answers in OpenAI's API. Larger numbers are ignored. */
const maxChoices = 128;

/** Options for reading a request body. */
export interface RequestBodyOptions {
  /** The `Content-Encoding` of the body. */
  readonly encoding: string | undefined;
  /** Maximum bytes, both compressed and decoded. */
  readonly limit: number;
  readonly budget: InspectionBudget;
  readonly onUninspected: (reason: UninspectedReason) => void;
}

/** Reads the model of a request, and whether it asks for a stream. */
export class RequestBody {
  readonly #options: RequestBodyOptions;
  readonly #fields: TopLevelFields;
  readonly #decoded: DecodedBody;
  #isInspected = true;

  constructor(options: RequestBodyOptions) {
    const { encoding, limit, budget } = options;
    this.#options = options;
    this.#fields = new TopLevelFields({ wanted, limit, heldLimit: maxFieldBytes });
    this.#decoded = new DecodedBody({
      encoding,
      limit,
      budget,
      heldBytes: () => this.#fields.heldBytes,
      onData: (bytes) => this.#read(bytes),
      onUninspected: (reason) => this.#stopInspecting(reason),
    });
  }

  /** The model of the request; `undefined` if there is none, or it was not read yet. */
  get model(): string | undefined {
    const { model } = this.#fields.fields;
    return typeof model === 'string' && model !== '' ? model : undefined;
  }

  /** Whether the request asks for a stream; `undefined` if not specified, or not read yet. */
  get stream(): boolean | undefined {
    const { stream } = this.#fields.fields;
    if (typeof stream === 'boolean') return stream;
    // Some clients send the string "true" or "false" instead of a boolean, and some servers accept it.
    return stream === 'true' ? true : stream === 'false' ? false : undefined;
  }

  /** The number of alternative answers that the request asks for; `undefined` if not specified. */
  get choices(): number | undefined {
    const { n } = this.#fields.fields;
    return typeof n === 'number' && n >= 1 && n <= maxChoices ? n : undefined;
  }

  /** Whether the complete body was read. */
  get isComplete(): boolean {
    return this.#fields.state === 'whole';
  }

  push(bytes: Uint8Array): void {
    this.#decoded.push(bytes);
  }

  /** Ends the body. Calls `done` when all received bytes have been read. */
  end(isComplete: boolean, done: () => void): void {
    this.#decoded.end(() => {
      if (isComplete && this.#fields.state !== 'whole') this.#stopInspecting('unreadable');
      done();
    });
  }

  #read(bytes: Uint8Array): void {
    if (this.#fields.push(bytes) === 'too_large') this.#stopInspecting('too_large');
  }

  #stopInspecting(reason: UninspectedReason): void {
    if (!this.#isInspected) return;
    this.#isInspected = false;
    this.#options.onUninspected(reason);
  }
}

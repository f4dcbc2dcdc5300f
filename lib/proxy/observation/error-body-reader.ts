import { GatheredBytes, refusalClass, statedRefusal } from 'tinyllm/recording';
import type { ResponseVerdict } from './response-verdict.js';

/** Maximum bytes of the body that are read. Error messages are far shorter. */
const maxBodyBytes = 64 * 1024;

/**
 * Reads a response with a status of 300 or more. A redirect does not count as an error, because the client follows it.
 */
export class ErrorBodyReader {
  readonly #body = new GatheredBytes();

  constructor(private readonly status: number) {}

  /** Bytes of memory in use. */
  get heldBytes(): number {
    return this.#body.capacity;
  }

  push(bytes: Uint8Array): void {
    const room = maxBodyBytes - this.#body.length;
    if (room > 0) this.#body.append(bytes.subarray(0, room));
  }

  verdict(): ResponseVerdict {
    const { status } = this;
    if (status < 400) return { isComplete: true, reading: { finishReason: 'other' } };
    const stated = statedRefusal(this.#body.takeText());
    return { isComplete: true, reading: { errorType: refusalClass({ status, stated, asksModel: true }).name } };
  }
}

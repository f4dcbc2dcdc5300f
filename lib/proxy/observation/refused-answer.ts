import { GatheredBytes, refusalClass, statedRefusal } from 'tinyllm/recording';
import type { AnswerVerdict } from './answer-verdict.js';

/** In bytes; a reason is far shorter. */
const longestReason = 64 * 1024;

/** Reads a response whose status is no success. A redirection is no error: the client asks again, elsewhere. */
export class RefusedAnswer {
  readonly #body = new GatheredBytes();

  constructor(private readonly status: number) {}

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#body.capacity;
  }

  push(bytes: Uint8Array): void {
    const room = longestReason - this.#body.length;
    if (room > 0) this.#body.append(bytes.subarray(0, room));
  }

  verdict(): AnswerVerdict {
    const { status } = this;
    if (status < 400) return { isWhole: true, reading: { finishReason: 'other' } };
    const stated = statedRefusal(this.#body.takeText());
    return { isWhole: true, reading: { errorType: refusalClass({ status, stated, asksModel: true }).name } };
  }
}

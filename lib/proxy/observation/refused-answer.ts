import { refusalClass, statedRefusal } from 'tinyllm/recording';
import type { AnswerReader, AnswerVerdict } from './answer-reader.js';
import { GatheredBytes } from '../../core/framing/gathered-bytes.js';

/** In bytes; a reason is far shorter. */
const longestReason = 64 * 1024;

/** Reads an answer whose status is no success. A redirection is no error: the client asks again, elsewhere. */
export class RefusedAnswer implements AnswerReader {
  readonly #body = new GatheredBytes();

  constructor(private readonly status: number) {}

  push(bytes: Uint8Array): void {
    const room = longestReason - this.#body.length;
    if (room > 0) this.#body.append(bytes.subarray(0, room));
  }

  end(): void {}

  verdict(): AnswerVerdict {
    const { status } = this;
    if (status < 400) return { isWhole: true, errorType: undefined, result: { finishReason: 'other' } };
    const stated = statedRefusal(this.#body.takeText());
    return { isWhole: true, errorType: refusalClass({ status, stated, asksModel: true }).name };
  }
}

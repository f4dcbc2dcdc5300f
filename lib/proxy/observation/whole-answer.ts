import { streamedPart, toldBy } from './answer-part.js';
import type { AnswerReader, AnswerVerdict } from './answer-reader.js';
import type { ModelApi } from './endpoints.js';
import { TopLevelFields } from '../../core/framing/top-level-fields.js';

/** Where an answer says what it was: all of it but vectors, and an Ollama answer's text and context. */
const wanted: ReadonlySet<string> = new Set([
  ...['model', 'error'],
  ...['message', 'done', 'done_reason', 'prompt_eval_count', 'eval_count', 'load_duration', 'eval_duration'],
  ...['choices', 'usage', 'timings'],
  ...['object', 'status', 'incomplete_details', 'output'],
]);

/** What happens with an answer that is read. */
export interface WholeAnswerOptions {
  readonly api: ModelApi;
  /** In bytes. */
  readonly limit: number;
  readonly onTooLarge: () => void;
}

/** Reads an answer that is one JSON object. */
export class WholeAnswer implements AnswerReader {
  readonly #options: WholeAnswerOptions;
  readonly #body: TopLevelFields;

  constructor(options: WholeAnswerOptions) {
    this.#options = options;
    this.#body = new TopLevelFields({ wanted, limit: options.limit });
  }

  push(bytes: Uint8Array): void {
    if (this.#body.push(bytes) === 'too_large') this.#options.onTooLarge();
  }

  end(): void {}

  verdict(): AnswerVerdict {
    const { fields, state } = this.#body;
    const part = streamedPart(this.#options.api, fields);
    return { isWhole: state === 'whole', errorType: part.errorType, result: toldBy(fields, part) };
  }
}

import type { ResponseReading } from 'tinyllm/recording';

/** The content of a response, as far as it was read. */
export interface ResponseVerdict {
  /** Whether the response is complete, except possibly for its token counts. */
  readonly isComplete: boolean;
  readonly reading: ResponseReading;
  /** The model that a non-streamed response names. */
  readonly model?: unknown;
}

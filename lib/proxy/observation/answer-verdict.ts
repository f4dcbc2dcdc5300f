import type { ResponseReading } from 'tinyllm/recording';

/** What a response stated, as far as it was read. */
export interface AnswerVerdict {
  /** Whether nothing is missing except, possibly, its counts. */
  readonly isWhole: boolean;
  readonly reading: ResponseReading;
  /** The model that a whole response names. */
  readonly model?: unknown;
}

/** What an answer said, as far as it was read. */
export interface AnswerVerdict {
  /** Whether nothing of it is missing but, perhaps, its counts. */
  readonly isWhole: boolean;
  /** The type of the error it states. */
  readonly errorType: string | undefined;
  /** Its fields, of an answer that was not streamed. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** Reads one answer's body as it comes, decoded. */
export interface AnswerReader {
  push(bytes: Uint8Array): void;
  /** No more comes. */
  end(): void;
  /** What it said, after its end. */
  verdict(): AnswerVerdict;
}

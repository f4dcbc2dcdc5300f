/** A problem in a document, with its location. */
export interface Problem {
  /** Keys and indexes from the root of the document. */
  readonly path: readonly PropertyKey[];
  /** Whether the key at the path is the problem, and not its value; default false. */
  readonly atKey?: boolean;
  /** One line: the value found, the expected value, and how to fix it. */
  readonly message: string;
}

/** Something wrong with what a file says, and where in its document. */
export interface Problem {
  /** Keys and indexes from the document's root. */
  readonly path: readonly PropertyKey[];
  /** Whether the key at the path is at fault, not its value. */
  readonly atKey?: boolean;
  /** One line: what came, what was expected, what to do. */
  readonly message: string;
}

/** The environment of a tool. */
export interface ToolContext {
  /** Cancels the tool. */
  readonly signal?: AbortSignal;
}

/** Computes a result without a model. */
export interface Tool {
  /** The name in graph files. */
  readonly name: string;

  /** Loads what the tool needs, before its duration is measured. Optional. */
  prepare?(): Promise<unknown>;

  /** Returns the result, or `undefined` if the tool does not apply to the question. */
  run(question: string, context: ToolContext): Promise<string | undefined>;
}

/** What a tool may use while it works. */
export interface ToolContext {
  /** Ends the tool's work early. */
  readonly signal?: AbortSignal;
}

/** Something that can find a result no model has to be asked for. */
export interface Tool {
  /** What a graph file calls it. */
  readonly name: string;

  /** Loads what the tool works with. It runs before the tool's time is taken, and may be left out. */
  prepare?(): Promise<unknown>;

  /** The result, or undefined when there is nothing in the question for it to do. */
  run(question: string, context: ToolContext): Promise<string | undefined>;
}

import { type ErrorFacts, FileError, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** A graph file cannot be read, or the graph is not valid. */
export class GraphError extends FileError {}

/** A run failed because of its graph, for example because a node has no matching edge. */
export class GraphRunError extends TinyLLMError {}

/** The name of a run limit. `cost` is in US dollars. */
export type GraphLimitName = 'steps' | 'seconds' | 'tokens' | 'cost';

/** Details of an exceeded limit. */
export interface GraphLimitFacts extends ErrorFacts {
  readonly limit: GraphLimitName;
  /** The maximum that the graph allows, in the unit of the limit. */
  readonly allowed: number;
  /** The value when the run was stopped. For the limit `seconds`, equal to `allowed`. */
  readonly reached: number;
}

/** A run exceeded a limit of its graph. For the limit `seconds`, `cause` is a `TimeoutError`. */
export class GraphLimitError extends GraphRunError {
  readonly limit: GraphLimitName;
  readonly allowed: number;
  readonly reached: number;

  constructor(message: string, facts: GraphLimitFacts) {
    super(message, facts);
    this.limit = facts.limit;
    this.allowed = facts.allowed;
    this.reached = facts.reached;
  }
}

/** A plugin module cannot be loaded, exports no node kind, or exports a node kind whose name is already used. */
export class PluginError extends FileError {}

/** The tool of a tool node failed. */
export class ToolError extends TinyLLMError {}

markErrors({ GraphError, GraphRunError, GraphLimitError, PluginError, ToolError });

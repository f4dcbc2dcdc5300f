import { type ErrorFacts, FileError, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** A graph cannot be read, is not valid, or does not hold together. */
export class GraphError extends FileError {}

/** A run passed through more nodes than its graph allows, or found no edge to follow. */
export class GraphRunError extends TinyLLMError {}

/** What a graph may limit its runs by; `cost` is in US dollars. */
export type GraphLimitName = 'steps' | 'seconds' | 'tokens' | 'cost';

/** Which limit a run went past. */
export interface GraphLimitFacts extends ErrorFacts {
  readonly limit: GraphLimitName;
  /** What the graph allows, in the limit's own unit. */
  readonly allowed: number;
  /** What the run had come to when it was stopped; of seconds, those allowed. */
  readonly reached: number;
}

/** A run went past a limit of its graph. Of the limit `seconds` the cause is a `TimeoutError`. */
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

/** A module of node kinds cannot be loaded, exports none, or one whose name is taken. */
export class PluginError extends FileError {}

/** A tool node's tool could not do its work. */
export class ToolError extends TinyLLMError {}

markErrors({ GraphError, GraphRunError, GraphLimitError, PluginError, ToolError });

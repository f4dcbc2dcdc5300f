import { type ErrorFacts, markErrors, TinyLLMError } from './tinyllm-error.js';

export {
  AllModelsFailedError,
  CircuitOpenError,
  ModelAccessError,
  ModelError,
  type ModelErrorFacts,
  ModelFileError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelSettingsError,
  ModelTimeoutError,
  ModelUnavailableError,
} from './model-errors.js';
export { ProxySettingsError, UpstreamError, type UpstreamFailure } from './proxy-errors.js';
export { SessionError, StoreError, type StoreErrorFacts, StoreSettingsError } from './store-errors.js';
export { type ErrorFacts, isTinyLLMError, TinyLLMError } from './tinyllm-error.js';

/** A metric declaration breaks the Prometheus data model: a bad name, label or bucket. */
export class InvalidDescriptorError extends TinyLLMError {}

/** A number a metric cannot take: NaN, or a negative counter increment. */
export class InvalidValueError extends TinyLLMError {
  constructor(
    readonly metric: string,
    readonly got: unknown,
    readonly expected: string,
  ) {
    super(`${metric} got ${String(got)}; expected ${expected}.`);
  }
}

/** The registry already holds another metric of that name. */
export class MetricClashError extends TinyLLMError {
  constructor(readonly metric: string) {
    super(
      `The registry already holds a metric named ${metric}; register yours under another name, or in a registry of its own.`,
    );
  }
}

/** `configureMetrics` got something it cannot apply. */
export class MetricsConfigurationError extends TinyLLMError {}

/** A decorator stands where it cannot work, or was given options it does not know. */
export class DecoratorUsageError extends TinyLLMError {}

/** Something was to be instrumented, or to serve metrics, that is nothing we know how to. */
export class IntegrationError extends TinyLLMError {}

/** The metrics server could not listen on the address it was given. */
export class ListenError extends TinyLLMError {
  constructor(
    readonly host: string,
    readonly port: number,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }
}

/** Metrics could not be pushed, or could not be written to a file. */
export class MetricsDeliveryError extends TinyLLMError {
  constructor(
    /** The URL without credentials, or the file. */
    readonly target: string,
    message: string,
    facts: ErrorFacts & {
      /** HTTP status, when the other side answered with one. */
      readonly status?: number;
    } = {},
  ) {
    super(message, facts);
    this.status = facts.status;
  }

  readonly status: number | undefined;
}

/** The hub's persistence file cannot be used: torn, of something else, in use, or not to be written. */
export class HubFileError extends TinyLLMError {
  constructor(
    readonly file: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }
}

/** Where in a file something is wrong; lines and columns count from 1. */
export interface FileErrorPlace extends ErrorFacts {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A file someone wrote cannot be read, or does not say what it should; its subclasses say which kind of file. */
export class FileError extends TinyLLMError {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(problem: string, place: FileErrorPlace = {}) {
    const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
    super(where === '' ? problem : `${where}: ${problem}`, place);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** A graph cannot be read, is not valid, or does not hold together. */
export class GraphError extends FileError {}

/** A web configuration, or a certificate or key it names, cannot be read, is not valid, or asks for what we do not do. */
export class WebConfigError extends FileError {}

/** A file of API keys cannot be read, or does not hold what it should. */
export class ApiKeysError extends FileError {}

/** A chat server was set up in a way it cannot work. */
export class ChatServerSettingsError extends TinyLLMError {}

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

/** No provider goes by that name. */
export class UnknownProviderError extends TinyLLMError {}

/** A queue was set up with a number it cannot work with. */
export class QueueConfigurationError extends TinyLLMError {}

/** A queue has no room for another job. */
export class QueueFullError extends TinyLLMError {
  constructor(
    /** The most jobs that wait in it. */
    readonly capacity: number,
  ) {
    super(`The queue is full: ${capacity} wait already; try again later, wait for room, or make it larger.`);
  }
}

/** A queue was closed before the job started, or takes no more. */
export class QueueClosedError extends TinyLLMError {
  constructor(message = 'The queue is closed and takes no more jobs; the job was not done.') {
    super(message);
  }
}

/** The server that holds a queue does not answer, or is not one that can. */
export class QueueUnavailableError extends TinyLLMError {
  constructor(
    /** Its URL, without the password. */
    readonly url: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }
}

/** A worker elsewhere took a job and could not do it. */
export class JobFailedError extends TinyLLMError {
  constructor(
    /** The name of the error the worker met. */
    readonly errorName: string,
    message: string,
  ) {
    super(message);
  }
}

markErrors({
  ...{ InvalidDescriptorError, InvalidValueError, MetricClashError, MetricsConfigurationError },
  ...{
    DecoratorUsageError,
    IntegrationError,
    ListenError,
    MetricsDeliveryError,
    HubFileError,
    FileError,
    GraphError,
    WebConfigError,
    ApiKeysError,
  },
  ...{ ChatServerSettingsError },
  ...{ GraphRunError, GraphLimitError, PluginError, ToolError, UnknownProviderError },
  ...{ QueueConfigurationError, QueueFullError, QueueClosedError, QueueUnavailableError, JobFailedError },
});

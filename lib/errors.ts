/** Facts every TinyLLM error can carry besides its message. */
export interface ErrorFacts {
  /** What was wrong underneath, if something was. */
  readonly cause?: unknown;
}

/**
 * The base of every error TinyLLM throws on purpose.
 *
 * The message is one line: what came, what was expected, and what to do about it.
 */
export class TinyLLMError extends Error {
  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined);
    this.name = new.target.name;
  }
}

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

/** A run passed through more nodes than its graph allows, or found no edge to follow. */
export class GraphRunError extends TinyLLMError {}

/** A tool node's tool could not do its work. */
export class ToolError extends TinyLLMError {}

/** No provider goes by that name. */
export class UnknownProviderError extends TinyLLMError {}

/** Facts of a failed model call. */
export interface ModelErrorFacts extends ErrorFacts {
  readonly provider: string;
  readonly model?: string;
  /** HTTP status, when the provider answered with one. */
  readonly status?: number;
  /** After how many seconds the provider asks to be called again, when it says so. */
  readonly retryAfterSeconds?: number;
}

/** A model call failed; its subclasses say how. */
export class ModelError extends TinyLLMError {
  readonly provider: string;
  readonly model: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, facts: ModelErrorFacts) {
    super(message, facts);
    this.provider = facts.provider;
    this.model = facts.model;
    this.status = facts.status;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** No model that could answer is connected, its server cannot be reached, or it says that it cannot answer now. */
export class ModelUnavailableError extends ModelError {}

/** The provider is there, but does not have the model. */
export class ModelNotFoundError extends ModelError {}

/** The provider answered something its protocol does not allow, or broke off. */
export class ModelProtocolError extends ModelError {}

/** The provider wants a key, or does not accept the one it got. */
export class ModelAccessError extends ModelError {}

/** The provider has been asked too often. */
export class ModelRateLimitError extends ModelError {}

/** The provider does not take the request as it is. */
export class ModelRequestError extends ModelError {}

/** The provider failed while it worked on the request. */
export class ModelServerError extends ModelError {}

/** Whether an error is one of ours, and so has a message meant for people. */
export function isTinyLLMError(error: unknown): error is TinyLLMError {
  return error instanceof TinyLLMError;
}

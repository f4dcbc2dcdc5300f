import { shownNumber } from './shown-number.js';
import { type ErrorFacts, markErrors, TinyLLMError } from './tinyllm-error.js';

/** A metric declaration violates the Prometheus data model, for example with an invalid name, label or bucket. */
export class InvalidDescriptorError extends TinyLLMError {}

/** A metric received an invalid number, such as NaN or a negative increment of a counter. */
export class InvalidValueError extends TinyLLMError {
  constructor(
    readonly metric: string,
    readonly got: unknown,
    readonly expected: string,
    shown = shownNumber(got),
  ) {
    super(`${metric} got ${shown}; expected ${expected}.`);
  }
}

/** The registry already contains another metric with the same name. */
export class MetricClashError extends TinyLLMError {
  constructor(readonly metric: string) {
    super(
      `The registry already contains a metric named ${metric}; register yours under another name or in a separate registry.`,
    );
  }
}

/** The configuration passed to `configureMetrics`, an option of a function, or the default labels are invalid. */
export class MetricsConfigurationError extends TinyLLMError {}

/** A decorator is in an invalid place or has invalid options. */
export class DecoratorUsageError extends TinyLLMError {}

/** An object to instrument, or an application to mount the metrics in, is not supported. */
export class IntegrationError extends TinyLLMError {}

/** A server could not listen on its address. */
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
      /** HTTP status, if the server responded. */
      readonly status?: number;
    } = {},
  ) {
    super(message, facts);
    this.status = facts.status;
  }

  readonly status: number | undefined;
}

/** The position of an error in a file. Lines and columns start at 1. */
export interface FileErrorPlace extends ErrorFacts {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A file can't be read or has invalid content. The subclasses state the kind of file. */
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

/** A web configuration, or its certificate or key, can't be read, is invalid, or uses an unsupported feature. */
export class WebConfigError extends FileError {}

/** A file of API keys can't be read or has invalid content. */
export class ApiKeysError extends FileError {}

markErrors({
  ...{ InvalidDescriptorError, InvalidValueError, MetricClashError, MetricsConfigurationError },
  ...{
    DecoratorUsageError,
    IntegrationError,
    ListenError,
    MetricsDeliveryError,
    FileError,
    WebConfigError,
    ApiKeysError,
  },
});

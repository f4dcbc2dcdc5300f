import { type ErrorFacts, markErrors, TinyLLMError } from './tinyllm-error.js';

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

/** A web configuration, or a certificate or key it names, cannot be read, is not valid, or asks for what we do not do. */
export class WebConfigError extends FileError {}

/** A file of API keys cannot be read, or does not hold what it should. */
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

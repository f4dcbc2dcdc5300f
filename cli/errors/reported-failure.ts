import { TinyLLMError } from 'tinyllm/configuration';

/** A command did what it was to do, and what it found out is a failure. */
export class ReportedFailure extends TinyLLMError {
  constructor(
    message: string,
    /** What the command reports as JSON; the error joins it there. */
    readonly report: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

import { TinyLLMError } from 'tinyllm/configuration';

/** A command ran to its end and reports a failure, such as a failed check. */
export class ReportedFailure extends TinyLLMError {
  constructor(
    message: string,
    /** The JSON report of the command. The error is added to it. */
    readonly report: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

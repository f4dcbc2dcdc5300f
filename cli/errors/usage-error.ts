import { TinyLLMError } from 'tinyllm/configuration';

/** The command line was not used as it is meant to be; the process then exits with 2. */
export class UsageError extends TinyLLMError {
  constructor(
    message: string,
    /** The command whose `--help` says how; empty for the program's own. */
    readonly command = '',
  ) {
    super(message);
  }
}

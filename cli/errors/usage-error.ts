import { TinyLLMError } from 'tinyllm/configuration';

/** The command line is invalid. The process exits with code 2. */
export class UsageError extends TinyLLMError {
  constructor(
    message: string,
    /** The command whose `--help` to suggest. Empty for `tinyllm --help`. */
    readonly command = '',
  ) {
    super(message);
  }
}

import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

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

markErrors({ HubFileError });

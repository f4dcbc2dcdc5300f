import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** The hub's persistence file can't be used: damaged, not a hub's, in use, or not writable. */
export class HubFileError extends TinyLLMError {
  constructor(
    readonly file: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }

  /** Whether there is no space left. */
  get isFull(): boolean {
    const { code } = (this.cause ?? {}) as NodeJS.ErrnoException;
    return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  }
}

markErrors({ HubFileError });

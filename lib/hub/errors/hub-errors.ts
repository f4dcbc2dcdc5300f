import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** The persistence file of a hub can't be used: it is damaged, in use, not writable, or not the file of a hub. */
export class HubFileError extends TinyLLMError {
  constructor(
    readonly file: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }

  /** Whether the disk or quota is full. */
  get isFull(): boolean {
    const { code } = (this.cause ?? {}) as NodeJS.ErrnoException;
    return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  }
}

markErrors({ HubFileError });

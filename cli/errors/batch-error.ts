import { FileError, TinyLLMError } from 'tinyllm/configuration';

/** The questions of a batch, or the file its answers go to, cannot be used. */
export class BatchFileError extends FileError {}

/** Some questions of a batch got no answer. */
export class BatchFailedError extends TinyLLMError {
  constructor(
    readonly failed: number,
    readonly questions: number,
    /** What to do to have them asked again. */
    advice: string,
  ) {
    super(`${failed} of ${questions} questions failed; ${advice}.`);
  }
}

import { FileError, TinyLLMError } from 'tinyllm/configuration';

/** The file of questions or the output file of a batch cannot be used. */
export class BatchFileError extends FileError {}

/** Some questions of a batch failed. */
export class BatchFailedError extends TinyLLMError {
  constructor(
    readonly failed: number,
    readonly questions: number,
    /** How to retry the failed questions. */
    advice: string,
  ) {
    super(`${failed} of ${questions} questions failed; ${advice}.`);
  }
}

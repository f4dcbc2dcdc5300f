import { Output, type OutputStream } from '../../cli/terminal/output.js';

/** A stream that stores all text written to it. */
class CapturedStream implements OutputStream {
  text = '';
  readonly isTTY: boolean;
  readonly #listeners: ((error: Error) => void)[] = [];

  constructor({ isTTY = false }: { readonly isTTY?: boolean } = {}) {
    this.isTTY = isTTY;
  }

  write(text: string, done?: () => void): boolean {
    this.text += text;
    done?.();
    return true;
  }

  on(_event: 'error', listener: (error: Error) => void): void {
    this.#listeners.push(listener);
  }

  /** Makes the stream emit an error, as a pipe does after its reader has closed it. */
  fail(error: Error): void {
    for (const listener of this.#listeners) listener(error);
  }
}

/** Options of `captureOutput`. */
export interface CaptureOptions {
  /** Whether both streams are terminals. Default: false. */
  readonly isTTY?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onBroken?: (error: NodeJS.ErrnoException) => void;
}

/** Creates an output whose two streams store what is written to them. */
export function captureOutput({ isTTY = false, environment = {}, onBroken }: CaptureOptions = {}) {
  const stdout = new CapturedStream({ isTTY });
  const stderr = new CapturedStream({ isTTY });
  const output = new Output({ stdout, stderr, environment, ...(onBroken === undefined ? {} : { onBroken }) });
  return { output, stdout, stderr };
}

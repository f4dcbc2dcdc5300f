import { Output, type OutputStream } from '../../cli/terminal/output.js';

/** A stream that keeps what is written to it. */
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

  /** Lets the stream fail as a pipe does whose reader has left. */
  fail(error: Error): void {
    for (const listener of this.#listeners) listener(error);
  }
}

/** What a captured output is set up with. */
export interface CaptureOptions {
  /** Whether both streams are terminals; default not. */
  readonly isTTY?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onBroken?: (error: NodeJS.ErrnoException) => void;
}

/** An output whose two streams can be read afterwards. */
export function captureOutput({ isTTY = false, environment = {}, onBroken }: CaptureOptions = {}) {
  const stdout = new CapturedStream({ isTTY });
  const stderr = new CapturedStream({ isTTY });
  const output = new Output({ stdout, stderr, environment, ...(onBroken === undefined ? {} : { onBroken }) });
  return { output, stdout, stderr };
}

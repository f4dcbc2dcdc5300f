import { inspect, styleText } from 'node:util';
import { isTinyLLMError, withoutUrlSecrets } from 'tinyllm/configuration';
import { ReportedFailure } from '../errors/reported-failure.js';
import { UsageError } from '../errors/usage-error.js';

/** The part of a writable stream that the output needs. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  /** The size of the terminal in characters. Undefined if the stream is no terminal. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, done?: () => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The streams of the output, and the environment that decides on colour. */
export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Called once if a write to stdout fails. `EPIPE` means that its reader exited. */
  readonly onBroken?: (error: NodeJS.ErrnoException) => void;
}

/** A terminal that a command draws on as a whole. */
export interface Screen {
  /** The current size in characters, or undefined if the terminal does not report it. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly colour: boolean;
  /** Writes text unchanged, including control sequences. */
  write(text: string): void;
}

/** The symbol before a line, and its colour on a terminal. */
export interface Mark {
  readonly mark: string;
  readonly colour: 'green' | 'red' | 'yellow';
}

/** How to print a failure. */
export interface FailureOptions {
  /** Whether to print it also as a JSON object on stdout. */
  readonly json?: boolean;
  /** Whether to print the stack and the causes. */
  readonly debug?: boolean;
}

/** Control characters except line feeds and tabs. */
const controlCharacters = /(?![\n\t])\p{Cc}/gu;

/** Prints answers and data on stdout, and everything else on stderr. No other module prints. */
export class Output {
  /** Whether stdout is a terminal. Answers are then printed as they are generated. */
  readonly interactive: boolean;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #colour: boolean;
  readonly #colourOnStdout: boolean;
  #midLine = false;
  #broken = false;

  constructor(options: OutputOptions) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
    this.interactive = options.stdout.isTTY === true;
    this.#colour = wantsColour(options.stderr, options.environment);
    this.#colourOnStdout = wantsColour(options.stdout, options.environment);
    options.stdout.on('error', (error) => {
      if (!this.#broken) options.onBroken?.(error);
      this.#broken = true;
    });
    // Without a reader of stderr, there is nowhere to report the error.
    options.stderr.on('error', () => undefined);
  }

  /** Stderr if it is a terminal, to draw progress bars on. Otherwise undefined. */
  get terminal(): OutputStream | undefined {
    return this.#stderr.isTTY === true ? this.#stderr : undefined;
  }

  /** Stdout if it is a terminal, to draw on the whole screen. Otherwise undefined. */
  get screen(): Screen | undefined {
    if (!this.interactive) return undefined;
    const stream = this.#stdout;
    return {
      colour: this.#colourOnStdout,
      get columns() {
        return stream.columns;
      },
      get rows() {
        return stream.rows;
      },
      write: (text) => {
        if (!this.#broken) stream.write(text);
      },
    };
  }

  /** Prints text on stdout, with one line break at the end. */
  text(text: string): void {
    this.chunk(text);
    this.endLine();
  }

  /** Prints a line on stdout after a mark. The mark has a colour on a terminal. */
  marked({ mark, colour }: Mark, text: string): void {
    this.endLine();
    if (this.#broken) return;
    this.#stdout.write(this.#colourOnStdout ? styleText(colour, mark, { validateStream: false }) : mark);
    this.text(` ${text}`);
  }

  /** Prints a part of an answer on stdout. On a terminal, control characters are removed. */
  chunk(text: string): void {
    const shown = this.interactive ? text.replace(controlCharacters, '') : text;
    if (this.#broken || shown === '') return;
    this.#stdout.write(shown);
    this.#midLine = !shown.endsWith('\n');
  }

  /** Ends the current line on stdout, if chunks left it open. */
  endLine(): void {
    if (this.#midLine) this.chunk('\n');
  }

  /** Prints a value as JSON on stdout, on one line. */
  json(value: unknown): void {
    this.text(JSON.stringify(value));
  }

  /** Prints lines on stderr, without the secrets of URLs. */
  note(text: string): void {
    if (this.interactive) this.endLine();
    // A line of JSON is a log record of `tinyllm serve`. It is printed unchanged. The URLs of model servers in a record
    // contain no passwords.
    const shown = text.startsWith('{') ? text : withoutUrlSecrets(text);
    this.#stderr.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  }

  /** Prints a failure as one line on stderr. A `UsageError` gets a second line that refers to the help. */
  failure(error: unknown, options: FailureOptions = {}): void {
    const { name, message } = describe(error);
    const report = error instanceof ReportedFailure ? error.report : {};
    if (options.json) this.text(JSON.stringify({ ...report, error: { name, message } }, withoutSecrets));
    // `#colour` already depends on stderr. Without the option, Node would check stdout instead.
    const label = this.#colour ? styleText('red', 'tinyllm:', { validateStream: false }) : 'tinyllm:';
    this.note(`${label} ${message}`);
    if (error instanceof UsageError) {
      this.note(`Try: ${['tinyllm', error.command, '--help'].filter((word) => word !== '').join(' ')}`);
    }
    if (options.debug) this.note(inspect(error));
  }

  /** Resolves when the system has received everything printed so far. */
  async flush(): Promise<void> {
    const streams = this.#broken ? [this.#stderr] : [this.#stdout, this.#stderr];
    await Promise.all(streams.map((stream) => new Promise<void>((done) => stream.write('', () => done()))));
  }
}

/** A JSON replacer that removes the secrets of URLs. Error messages may contain URLs. */
function withoutSecrets(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutUrlSecrets(value) : value;
}

/** Returns an error as one line. The line of an unexpected error starts with its name. */
function describe(error: unknown): { readonly name: string; readonly message: string } {
  if (isTinyLLMError(error)) return { name: error.name, message: oneLine(error.message) };
  if (!(error instanceof Error)) return { name: typeof error, message: oneLine(`unexpected ${String(error)}`) };
  return { name: error.name, message: oneLine(`unexpected ${error.name}: ${error.message}`) };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, (run) => (/[\r\n]/.test(run) ? ' ' : run));
}

/** The property of a stream that decides on colour. */
export interface ColourStream {
  readonly isTTY?: boolean | undefined;
}

/**
 * Whether to use colour on a stream. The first rule that applies decides:
 *
 * 1. `FORCE_COLOR`: `0` and `false` mean no, all other values yes. Node has the same rule.
 * 2. `NO_COLOR`: a value that is not empty means no.
 * 3. A terminal gets colour unless `TERM` is `dumb`.
 */
export function wantsColour(stream: ColourStream, environment: NodeJS.ProcessEnv): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment.NO_COLOR) return false;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
